"""The only writers of contracts."""

from hiring.contracts.services.absences import tell_clients as tell_clients_of_absent
from hiring.contracts.services.amendments import (
    accept_amendment,
    decline_amendment,
    propose_amendment,
    withdraw_amendment,
)
from hiring.contracts.services.banks import payment_dispute_lost, payment_dispute_won, payment_disputed
from hiring.contracts.services.cases import answer_case, ask_in_case, open_case, withdraw_case, write_in_case
from hiring.contracts.services.clocks import run_clock
from hiring.contracts.services.covers import use_as_cover
from hiring.contracts.services.decisions import appeal, decide_appeal, decide_case
from hiring.contracts.services.deliveries import DeliveryInput, deliver
from hiring.contracts.services.divisions import accept_division, propose_division
from hiring.contracts.services.opening import call_off, open_contract
from hiring.contracts.services.payments import milestone_paid, start_paying
from hiring.contracts.services.returns import give_back, take_back_from_absent, take_back_late
from hiring.contracts.services.reviewing import accept, request_revision
from hiring.contracts.services.share_news import tell as tell_of_shares
from hiring.contracts.services.translations import make_book

__all__ = [
    "DeliveryInput",
    "accept",
    "accept_amendment",
    "accept_division",
    "answer_case",
    "appeal",
    "ask_in_case",
    "call_off",
    "decide_appeal",
    "decide_case",
    "decline_amendment",
    "deliver",
    "give_back",
    "make_book",
    "milestone_paid",
    "open_case",
    "open_contract",
    "payment_dispute_lost",
    "payment_dispute_won",
    "payment_disputed",
    "propose_amendment",
    "propose_division",
    "request_revision",
    "run_clock",
    "start_paying",
    "take_back_from_absent",
    "take_back_late",
    "tell_clients_of_absent",
    "tell_of_shares",
    "use_as_cover",
    "withdraw_amendment",
    "withdraw_case",
    "write_in_case",
]
