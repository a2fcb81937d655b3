"""Statements and finance lists as files. The same rows give the same bytes; no cell can start a formula."""

from royalties.exports.sales import sales_csv
from royalties.exports.statements import statement_csv, statement_xlsx
from royalties.exports.statements_pdf import statement_pdf

__all__ = ["sales_csv", "statement_csv", "statement_pdf", "statement_xlsx"]
