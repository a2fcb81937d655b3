"""Rates of the United States' tax treaties for royalties of literary copyrights; data, changed by adding later rows.

After the column "Copyrights" (income code 12) of the IRS's Table 1, "Tax Rates on Income Other Than Personal Service
Income Under Chapter 3, Internal Revenue Code, and Income Tax Treaties" (Rev. Feb 2019), with what changed since: Chile
(in force for amounts paid from 1 February 2024), Hungary (terminated from 1 January 2024) and Russia (suspended from
16 August 2024). A country without a row has no rate here: 30 % are withheld, which is the law without a treaty (26
U.S.C. 1441(a)). The table says nothing about who is entitled to a treaty's rate; the contributor states that on the
form.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.apps.registry import Apps

SOURCE = "IRS Table 1 (Rev. Feb 2019), copyrights"
_FILE = Path(__file__).parent / "data" / "us_treaty_rates.csv"


def install(apps: Apps) -> None:
    """Add the rows of every country. `apps` is a migration's registry or the running one."""
    rates = apps.get_model("royalties", "TreatyRate")
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rates._default_manager.get_or_create(
                country=row["country"],
                effective_on=date.fromisoformat(row["effective_on"]),
                defaults={"rate_bps": int(row["rate_bps"]), "article": row["article"], "source": SOURCE},
            )
