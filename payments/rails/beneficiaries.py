"""Bank details, checked before they are stored, so that a typing error does not send money to a stranger.

An IBAN is checked against its country's length and structure and its checksum (ISO 13616, modulo 97 of ISO 7064), a BIC
against ISO 9362; both by python-stdnum, which includes the SWIFT registry.
"""

from __future__ import annotations

from stdnum import bic, iban
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.us import rtn

from payments.rails.base import Beneficiary, BeneficiaryRefused, RailCode
from payments.rails.coverage import SEPA_COUNTRIES, reaches

_MIN_LENGTH, _MAX_LENGTH = 4, 34
_MAX_HOLDER_LENGTH = 70


def beneficiary(
    *, holder: str, country: str, iban_text: str = "", bic_text: str = "", account_number: str = "", bank_code: str = ""
) -> Beneficiary:
    """Return the details in normalised form. Raises BeneficiaryRefused, naming the field and what is wrong with it."""
    holder = " ".join(holder.split())
    if not holder or len(holder) > _MAX_HOLDER_LENGTH:
        raise BeneficiaryRefused("holder", "holder_missing")
    if not reaches(RailCode.BANK, country):
        raise BeneficiaryRefused("country", "country_not_reached")
    code = _bic(bic_text) if bic_text.strip() else ""
    if iban_text.strip():
        return Beneficiary(holder, country, iban=_iban(iban_text, country), bic=code)
    if country in SEPA_COUNTRIES:
        raise BeneficiaryRefused("iban", "iban_missing")
    number = _plain(account_number)
    if not (_MIN_LENGTH <= len(number) <= _MAX_LENGTH and number.isalnum() and number.isascii()):
        raise BeneficiaryRefused("account_number", "number_invalid")
    return Beneficiary(holder, country, bic=code, account_number=number, bank_code=_bank_code(bank_code, country, code))


def _iban(text: str, country: str) -> str:
    try:
        number: str = iban.validate(text)
    except InvalidChecksum as error:
        raise BeneficiaryRefused("iban", "iban_checksum") from error
    except ValidationError as error:
        raise BeneficiaryRefused("iban", "iban_invalid") from error
    if number[:2] != country:
        raise BeneficiaryRefused("iban", "iban_elsewhere")
    return number


def _bic(text: str) -> str:
    try:
        code: str = bic.validate(text)
    except ValidationError as error:
        raise BeneficiaryRefused("bic", "bic_invalid") from error
    return code


def _bank_code(text: str, country: str, bic_code: str) -> str:
    code = _plain(text)
    if country == "US":
        try:
            return str(rtn.validate(code))
        except ValidationError as error:
            raise BeneficiaryRefused("bank_code", "routing_invalid") from error
    if not code and not bic_code:
        raise BeneficiaryRefused("bank_code", "bank_missing")
    if code and not (code.isalnum() and code.isascii()):
        raise BeneficiaryRefused("bank_code", "bank_missing")
    return code


def _plain(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()
