"""验证身份: who may see whether a target was drawn before it is inspected.

The person at the desk sets a passphrase of their own; it is kept as an scrypt digest with its
own salt.  Every look is recorded (who, which target).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.read import secrecy
from app.db.read.secrecy import DrawnNow
from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.models import Setting, Target

_KEY = "passphrase:"
_FAILED = "passphrase-failed:"
_SHORTEST = 6
_MOST_FAILURES = 5
_COST = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class SetPassphrase:
    """A new passphrase of the person at the desk; ``old`` where there is one already."""

    new: str
    old: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassphrase:
    """A new passphrase for one forgotten: who approved it, and why it is needed."""

    new: str
    approved_name: str
    approved_post: str


@dataclass(frozen=True, slots=True)
class LookIfDrawn:
    """See whether a target is drawn and waits for its inspection."""

    target_id: int
    passphrase: str


def has_passphrase(connection: Connection, person: str) -> bool:
    """Whether this person has set one."""
    return _stored(connection, person) is not None


def set_passphrase(uow: UnitOfWork, command: SetPassphrase) -> None:
    """Set or change it. UserError: too short, too plain, or the old one is wrong."""
    _refuse_plain(command.new)
    if _stored(uow.session.connection(), uow.actor) is not None:
        _check(uow, command.old)
    _store(uow, command.new)
    uow.record("passphrase.set", uow.actor, {})
    uow.commit()


def reset_passphrase(uow: UnitOfWork, command: ResetPassphrase) -> None:
    """Set a new one in place of a forgotten one; a second person approves, and it counts tomorrow.

    Nothing is looked at on the day itself: whoever resets a colleague's passphrase would see
    the ledger entry before the secret.  UserError: too plain, nothing to reset, or nobody else
    approved.
    """
    name, post = command.approved_name.strip(), command.approved_post.strip()
    if not name or not post:
        raise UserError("请写明批准重置的人和职务。")
    if name == uow.actor:
        raise UserError("批准人不能是本人。", "请由科室负责人或分管负责人批准。")
    if _stored(uow.session.connection(), uow.actor) is None:
        raise UserError("还没有设置口令，不用重置。", "请直接设置本人的口令。")
    _refuse_plain(command.new)
    _store(uow, command.new)
    closed = f"{uow.today.isoformat()}:{_MOST_FAILURES}"
    uow.session.merge(Setting(key=f"{_FAILED}{uow.actor}", value=closed))
    uow.record("passphrase.reset", uow.actor, {"approved": name, "post": post})
    uow.commit()


def _refuse_plain(phrase: str) -> None:
    if len(phrase) < _SHORTEST or len(set(phrase)) < 3:
        raise UserError(
            f"口令至少 {_SHORTEST} 位，并且不能只用一两种字符。", "请换一个别人猜不到的。"
        )


def _store(uow: UnitOfWork, phrase: str) -> None:
    salt = secrets.token_bytes(16)
    value = f"{salt.hex()}:{_digest(phrase, salt)}"
    uow.session.merge(Setting(key=f"{_KEY}{uow.actor}", value=value))


def look(uow: UnitOfWork, command: LookIfDrawn) -> DrawnNow | None:
    """Whether the target is drawn in a running period; the look itself is recorded.

    UserError: wrong passphrase, none set, or too many wrong ones on this day.
    """
    _check(uow, command.passphrase)
    target = uow.session.get(Target, command.target_id)
    if target is None:
        raise UserError("这家检查对象已经不在了。", "请刷新后再试。")
    found = secrecy.drawn_now(uow.session.connection(), command.target_id, uow.today)
    uow.record("secrecy.look", target.ident, {"drawn": found is not None})
    uow.commit()
    return found


def _check(uow: UnitOfWork, passphrase: str) -> None:
    stored = _stored(uow.session.connection(), uow.actor)
    if stored is None:
        raise UserError("还没有设置口令。", "请先设置本人的口令。")
    key = f"{_FAILED}{uow.actor}"
    known = uow.session.get(Setting, key)
    today = uow.today.isoformat()
    day, _, count = (known.value if known else "").partition(":")
    failures = int(count or 0) if day == today else 0
    if failures >= _MOST_FAILURES:
        raise UserError("今天已经输错五次，或者刚重置过，口令暂停使用。", "请明天再试。")
    salt, _, digest = stored.partition(":")
    if hmac.compare_digest(_digest(passphrase, bytes.fromhex(salt)), digest):
        if failures:
            uow.session.merge(Setting(key=key, value=f"{today}:0"))
        return
    uow.session.merge(Setting(key=key, value=f"{today}:{failures + 1}"))
    uow.record("passphrase.wrong", uow.actor, {"count": failures + 1})
    uow.commit()
    left = _MOST_FAILURES - failures - 1
    raise UserError("口令不对。", f"请核对后再输，今天还可以试 {left} 次。")


def _stored(connection: Connection, person: str) -> str | None:
    return connection.execute(
        select(Setting.value).where(Setting.key == f"{_KEY}{person}")
    ).scalar()


def _digest(passphrase: str, salt: bytes) -> str:
    return hashlib.scrypt(passphrase.encode("utf-8"), salt=salt, **_COST).hex()
