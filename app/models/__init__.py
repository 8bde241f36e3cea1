"""All tables, so that the metadata is whole wherever one of them is imported."""

from app.models.base import Base
from app.models.consequences import CaseFile, FollowUp, Proposal, RectificationNote, Referral
from app.models.correcting import Correction, CorrectionStep
from app.models.directory import ImportBatch, InspectionItem, Inspector, Recusal, Target
from app.models.drawing import (
    ClosingRecord,
    Draw,
    DrawnTarget,
    DrawnTeam,
    DrawState,
    DrawWitness,
)
from app.models.frequency import InspectionEntry
from app.models.incoming import IncomingList, IncomingTarget, PartnerInspector
from app.models.inspecting import (
    Assignment,
    AssignmentMember,
    Publication,
    Rectification,
    Result,
    ResultItem,
)
from app.models.keeping import (
    AllowedWording,
    ArchiveBag,
    ArchiveItem,
    Attachment,
    ExportPackage,
    LedgerEntry,
    PackageLine,
    PackageStep,
)
from app.models.media import CarriedFile, Medium
from app.models.numbering import DocumentNumber
from app.models.people import Assistant, Expert
from app.models.planning import LocalBasis, PlanKind, PlanState, PlanVersion
from app.models.publishing import Exemption, ReviewApplication, Withdrawal
from app.models.receiving import IncomingFile, IncomingRow, ResultForm
from app.models.substituting import Substitution
from app.models.tasking import CalendarDay, DutyDone, Formality, TaskStep
from app.models.unit import AdoptedRulebook, Setting, Unit
from app.models.upkeep import (
    CategoryDecision,
    DirectoryRound,
    DirectoryVersion,
    InspectorAbsence,
    Interest,
    RoundReview,
)

__all__ = [
    "AdoptedRulebook",
    "AllowedWording",
    "ArchiveBag",
    "ArchiveItem",
    "Assignment",
    "AssignmentMember",
    "Assistant",
    "Attachment",
    "Base",
    "CalendarDay",
    "CarriedFile",
    "CaseFile",
    "CategoryDecision",
    "ClosingRecord",
    "Correction",
    "CorrectionStep",
    "DirectoryRound",
    "DirectoryVersion",
    "DocumentNumber",
    "Draw",
    "DrawState",
    "DrawWitness",
    "DrawnTarget",
    "DrawnTeam",
    "DutyDone",
    "Exemption",
    "Expert",
    "ExportPackage",
    "FollowUp",
    "Formality",
    "ImportBatch",
    "IncomingFile",
    "IncomingList",
    "IncomingRow",
    "IncomingTarget",
    "InspectionEntry",
    "InspectionItem",
    "Inspector",
    "InspectorAbsence",
    "Interest",
    "LedgerEntry",
    "LocalBasis",
    "Medium",
    "PackageLine",
    "PackageStep",
    "PartnerInspector",
    "PlanKind",
    "PlanState",
    "PlanVersion",
    "Proposal",
    "Publication",
    "Rectification",
    "RectificationNote",
    "Recusal",
    "Referral",
    "Result",
    "ResultForm",
    "ResultItem",
    "ReviewApplication",
    "RoundReview",
    "Setting",
    "Substitution",
    "Target",
    "TaskStep",
    "Unit",
    "Withdrawal",
]
