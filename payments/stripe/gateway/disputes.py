"""Disputes, our evidence, and the card networks' early fraud warnings."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from common import clock
from payments.gateway import DisputeDetails, Evidence, FraudWarning, GatewayRefused
from payments.stripe.gateway import results
from payments.stripe.gateway.calls import Calls, outcomes

if TYPE_CHECKING:
    from stripe.params._dispute_update_params import DisputeUpdateParamsEvidence

_DECIDED = {"won", "lost", "prevented", "warning_closed"}
# Networks decide within months; an appeal may double that.
_MAX_DISPUTE_LENGTH = timedelta(days=400)
# The file types that Stripe accepts as evidence. The SDK sends every file as octets, so the name must show the type.
_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class DisputeCalls(Calls):
    def fetch_dispute(self, *, dispute_id: str) -> DisputeDetails:
        with outcomes():
            return results.dispute(self.client.v1.disputes.retrieve(dispute_id))

    def open_disputes(self) -> Iterator[DisputeDetails]:
        """Return the disputes that are not decided yet, newest first."""
        disputes = self.disputes_since(since=clock.now() - _MAX_DISPUTE_LENGTH)
        return (dispute for dispute in disputes if dispute.status not in _DECIDED)

    def disputes_since(self, *, since: datetime) -> Iterator[DisputeDetails]:
        """Return the disputes opened since then, newest first."""
        with outcomes():
            listing = self.client.v1.disputes.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
            for dispute in listing.auto_paging_iter():
                yield results.dispute(dispute)

    def upload_evidence(self, *, key: str, name: str, content: bytes, mime: str) -> str:
        """Store a file for `submit_evidence` and return its id. Accepts PDF, JPEG and PNG."""
        if mime not in _SUFFIXES:
            raise GatewayRefused("invalid_file_type", mime)
        file = io.BytesIO(content)
        file.name = name if name.lower().endswith(_SUFFIXES[mime]) else name + _SUFFIXES[mime]
        with outcomes():
            uploaded = self.client.v1.files.create(
                {"purpose": "dispute_evidence", "file": file}, {"idempotency_key": key}
            )
        return uploaded.id

    def submit_evidence(self, *, key: str, dispute_id: str, evidence: Evidence, submit: bool) -> DisputeDetails:
        """Stage the evidence; with `submit`, send it to the bank, which is final."""
        given = {name: value for name, value in asdict(evidence).items() if value}
        with outcomes():
            dispute = self.client.v1.disputes.update(
                dispute_id,
                {"evidence": cast("DisputeUpdateParamsEvidence", given), "submit": submit},
                {"idempotency_key": key},
            )
        return results.dispute(dispute)

    def accept_dispute(self, *, key: str, dispute_id: str) -> DisputeDetails:
        """Accept the dispute: it is lost at once."""
        with outcomes():
            return results.dispute(self.client.v1.disputes.close(dispute_id, {}, {"idempotency_key": key}))

    def fetch_fraud_warning(self, *, warning_id: str) -> FraudWarning:
        with outcomes():
            return results.fraud_warning(self.client.v1.radar.early_fraud_warnings.retrieve(warning_id))
