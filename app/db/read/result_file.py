"""One result with everything around it: what the page beside the list shows and papers print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.db.read import corrections, courses, followups, received, results
from app.db.read.attachments import AttachedFile, of_owner
from app.db.read.corrections import CorrectionRow, VoidedVersion
from app.db.read.courses import Course
from app.db.read.followups import Followups
from app.db.read.received import Origin
from app.db.read.results import ResultForm

__all__ = ["ResultFile", "result_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """A task's result, its course, what followed, what was corrected.

    ``followups`` None while there is no result; ``proofs`` are the files of its rectification,
    ``papers`` those of each correction (by its number): the signed application, the answer;
    ``origins``: the files it came from, empty if it was typed here.
    """

    form: ResultForm
    course: Course
    followups: Followups | None
    proofs: tuple[AttachedFile, ...]
    corrections: tuple[CorrectionRow, ...]
    papers: Mapping[int, tuple[AttachedFile, ...]]
    voided: tuple[VoidedVersion, ...]
    origins: tuple[Origin, ...] = ()


def result_file(connection: Connection, assignment_id: int) -> ResultFile:
    """Read one task's file; UserError if the task is gone."""
    form = results.form(connection, assignment_id)
    result = form.task.result_id
    applications = corrections.of_task(connection, assignment_id)
    return ResultFile(
        form=form,
        course=courses.course(connection, assignment_id),
        followups=followups.followups(connection, result) if result is not None else None,
        proofs=results.attachments(connection, result, "rectification") if result else (),
        corrections=applications,
        papers={each.id: of_owner(connection, "correction", each.id) for each in applications},
        voided=corrections.voided(connection, assignment_id),
        origins=received.origins(connection, "result", result) if result is not None else (),
    )
