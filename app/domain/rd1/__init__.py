"""RD1, the witnessed draw: anybody with four text files can recompute it.

Where to look:

plan, plan_reader, plan_writer   ``plan.txt``: content, strict reader, freezing
commitment, tickets, teams, run  the draw itself; `replay` is all of it
result                           ``result.txt``
void, addendum, approval         the other closing records of a series
succession                       who is in after substitutions, who is next
verify, series                   checking a draw's folder and a whole series
scarcity                         what is shown before a plan is frozen
slips, flags                     the input page's digits; flag letters in words
text, errors                     byte and field rules all records share
"""

from __future__ import annotations

from app.domain.rd1.addendum import (
    Addendum,
    Substituted,
    SubstitutionPolicy,
    addendum_name,
    parse_addendum,
    write_addendum,
)
from app.domain.rd1.approval import Approval
from app.domain.rd1.commitment import commit, require_digits, seed
from app.domain.rd1.errors import (
    AddendumError,
    CeremonyError,
    PlanError,
    RecordError,
    ResultError,
    VoidError,
)
from app.domain.rd1.flags import in_words
from app.domain.rd1.plan import (
    FIRST_PREV,
    GivenTarget,
    Group,
    Plan,
    PlanInspector,
    PlanTarget,
    Quota,
    Recusal,
    Rule,
    TeamMode,
    Witness,
    plan_hash,
)
from app.domain.rd1.plan_reader import parse_plan
from app.domain.rd1.plan_writer import write_plan
from app.domain.rd1.result import (
    Assignment,
    DrawnTarget,
    DrawResult,
    GroupResult,
    One,
    Pair,
    StratumResult,
    Team,
    parse_result,
)
from app.domain.rd1.run import replay
from app.domain.rd1.scarcity import (
    Change,
    Move,
    NeedSupply,
    PlanDifference,
    StratumShare,
    StratumSupply,
    TargetSupply,
    difference,
    need_supply,
    scarce_targets,
    stratum_supply,
)
from app.domain.rd1.series import verify_series
from app.domain.rd1.slips import normalise_digits, weak
from app.domain.rd1.succession import Bar, Place, Succession
from app.domain.rd1.text import clean, file_hash
from app.domain.rd1.verify import Check, verify_draw
from app.domain.rd1.void import OpenedSlip, VoidRecord, parse_void, write_void

__all__ = [
    "FIRST_PREV",
    "Addendum",
    "AddendumError",
    "Approval",
    "Assignment",
    "Bar",
    "CeremonyError",
    "Change",
    "Check",
    "DrawResult",
    "DrawnTarget",
    "GivenTarget",
    "Group",
    "GroupResult",
    "Move",
    "NeedSupply",
    "One",
    "OpenedSlip",
    "Pair",
    "Place",
    "Plan",
    "PlanDifference",
    "PlanError",
    "PlanInspector",
    "PlanTarget",
    "Quota",
    "RecordError",
    "Recusal",
    "ResultError",
    "Rule",
    "StratumResult",
    "StratumShare",
    "StratumSupply",
    "Substituted",
    "SubstitutionPolicy",
    "Succession",
    "TargetSupply",
    "Team",
    "TeamMode",
    "VoidError",
    "VoidRecord",
    "Witness",
    "addendum_name",
    "clean",
    "commit",
    "difference",
    "file_hash",
    "in_words",
    "need_supply",
    "normalise_digits",
    "parse_addendum",
    "parse_plan",
    "parse_result",
    "parse_void",
    "plan_hash",
    "replay",
    "require_digits",
    "scarce_targets",
    "seed",
    "stratum_supply",
    "verify_draw",
    "verify_series",
    "weak",
    "write_addendum",
    "write_plan",
    "write_void",
]
