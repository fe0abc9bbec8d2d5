"""Access tokens: one's own, and what cannot be done with one."""

from __future__ import annotations

from cvatfn import Transport, call
from cvatfn.api import auth
from cvatfn.auth import AccessToken
from cvatfn.testing.sandbox import Sandbox
from cvatfn.transport import authenticated
from tests.sandbox.kit import status_of


def test_somebody_elses_token_is_forbidden_and_none_is_missing(
    admin: Transport, worker: Transport
) -> None:
    made = call(admin, auth.create_access_tokens, {"name": "mine"}).unwrap()
    assert status_of(call(worker, auth.retrieve_access_tokens, made.id).failure()) == 403
    assert status_of(call(worker, auth.destroy_access_tokens, made.id).failure()) == 403
    assert status_of(call(worker, auth.retrieve_access_tokens, 99).failure()) == 404


def test_tokens_look_at_each_other_and_no_more(sandbox: Sandbox, admin: Transport) -> None:
    made = call(admin, auth.create_access_tokens, {"name": "mine", "read_only": False}).unwrap()
    own = authenticated(sandbox, AccessToken(str(made.value)), sandbox.world.origin)
    assert call(own, auth.retrieve_access_tokens, made.id).unwrap().name == "mine"
    for refused in (
        call(own, auth.create_access_tokens, {"name": "another"}),
        call(own, auth.partial_update_access_tokens, made.id, {"name": "other"}),
    ):
        assert status_of(refused.failure()) == 403
    assert status_of(call(own, auth.destroy_access_tokens, made.id).failure()) == 403
    assert call(admin, auth.list_access_tokens).unwrap().count == 1
