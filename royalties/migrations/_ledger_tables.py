"""Tables that are only ever appended to, as of the first migration."""

APPEND_ONLY = (
    "royalties_journalentry",
    "royalties_posting",
    "royalties_seal",
    "royalties_ledgeraccount",
    "royalties_chainlink",
    "royalties_closedperiod",
    "royalties_entryleaf",
    "royalties_chainedposting",
    "royalties_dailyroot",
    "royalties_statement",
    "royalties_statementmovement",
    "royalties_statementline",
    "royalties_statementproof",
    "royalties_providerreference",
    "royalties_itemexplanation",
    "royalties_closepreparation",
)
