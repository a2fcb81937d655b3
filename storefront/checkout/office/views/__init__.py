"""The part of the finance office that deals with readers' money: orders, refunds, disputes, warnings."""
