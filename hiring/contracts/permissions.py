"""Who may see a contract and act in it. To everybody else it does not exist.

| | sees | acts |
|---|---|---|
| client, provider | the contract | what `process` allows their side |
| moderators, operators | contracts with a case | decide the case; its appeal, if they did not decide the case |
| finance | payments of the protection fund | proposes and decides them, two people each |
| finance | amounts, states and clocks, in the ledger's pages | nothing |

Who has a part in the work, or is a side, never decides a case.
"""

from __future__ import annotations

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotAllowed, NotFound
from hiring.contracts.errors import InvolvedInCase, SecondPersonNeeded
from hiring.contracts.models import Case, Contract, FundClaim
from hiring.contracts.process import Actor
from publishing.permissions import is_maker


def side_of(user: Visitor, contract: Contract) -> Actor | None:
    """Return which side of the contract the person is."""
    return contract.side_of(user) if isinstance(user, User) and user.is_active else None


def may_see(user: Visitor, contract: Contract) -> bool:
    """Whether the person may open the contract: its sides, and whoever decides its cases."""
    if side_of(user, contract) is not None:
        return True
    return may_moderate(user) and Case.objects.filter(milestone__contract=contract).exists()


def may_moderate(user: Visitor) -> bool:
    """Moderators, and operators, who serve as the second person."""
    return account_permissions.is_moderator(user) or account_permissions.is_operator(user)


def is_involved(user: User, contract: Contract) -> bool:
    """Whether the person is a side, or made the work."""
    if contract.side_of(user) is not None:
        return True
    return contract.work is not None and is_maker(user, contract.work)


def may_decide(user: Visitor, case: Case) -> bool:
    return isinstance(user, User) and may_moderate(user) and not is_involved(user, case.milestone.contract)


def may_decide_appeal(user: Visitor, case: Case) -> bool:
    return may_decide(user, case) and isinstance(user, User) and user.pk != case.decided_by_id


def may_propose_fund_payments(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_decide_fund_payment(user: User, claim: FundClaim, *, is_approved: bool) -> bool:
    """Finance and operators decide; nobody approves their own proposal, or decides about a contract of their own."""
    if not (account_permissions.is_finance(user) or account_permissions.is_operator(user)):
        return False
    return not is_approved or (user.pk != claim.proposed_by_id and not is_involved(user, claim.milestone.contract))


def require_side(user: User, contract: Contract) -> Actor:
    """Return which side the person is. Raises NotFound; NotAllowed for those who may only look at it."""
    side = side_of(user, contract)
    if side is None:
        raise NotAllowed if may_see(user, contract) else NotFound
    return side


def require_decide(user: User, case: Case) -> None:
    """Raises NotFound, InvolvedInCase."""
    if may_decide(user, case):
        return
    raise InvolvedInCase if may_moderate(user) else NotFound


def require_decide_appeal(user: User, case: Case) -> None:
    """Raises NotFound, InvolvedInCase, SecondPersonNeeded."""
    require_decide(user, case)
    if not may_decide_appeal(user, case):
        raise SecondPersonNeeded
