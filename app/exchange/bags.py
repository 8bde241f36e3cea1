"""Export packages: a BagIt 1.0 bag (RFC 8493) in a zip, made once and checked by re-reading.

The ``bagit`` package works on folders only, would have to unpack foreign zips to look at
them, and notices neither an unknown top-level file nor regenerated manifests.  A bag is
four small text files, so they are written and checked here; the tests let ``bagit``
validate what this module makes.
"""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from app.errors import UserError
from app.exchange.files import replacing, safe_name

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TAG_FILES = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
_TAG_MANIFEST = "tagmanifest-sha256.txt"
_LOCKED_NAME = "content.zip"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_LARGEST_TAG_FILE = 64 * 1024 * 1024
_LARGEST_PAYLOAD = 20 * 1024**3
_LINE = re.compile(r"([0-9a-f]{64})  ?\*?(\S.*)")
DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted, and NotImplementedError: another compression
    ValueError,  # names that do not decode, impossible offsets
)
"""What zipfile raises for damaged or foreign bytes, beyond its own BadZipFile."""
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class BagReceipt:
    """What was written. ``tagmanifest_sha256`` goes on the transfer slip."""

    path: Path
    tagmanifest_sha256: str
    files: int
    octets: int


@dataclass(frozen=True, slots=True)
class BagCheck:
    """One check of a bag: its name, whether it holds, what was seen."""

    name: str
    ok: bool
    detail: str


Report = Callable[[int, int, str], None]
"""How many files of how many are in, and the name of the next; raises to give up."""


def _nothing(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def make_bag(
    zip_path: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    report: Report = _nothing,
) -> BagReceipt:
    """Write a bag; ``files`` maps paths below ``data/`` to content, ``info`` is bag-info.txt.

    The bag's folder inside the zip is named like the zip. Same content, same bytes: no time
    is taken from the clock (put Bagging-Date into ``info``). UserError for unlawful names,
    EnvironmentFault where it cannot be written; then, and where ``report`` raises, nothing is
    left behind.
    """
    payload = {f"data/{_lawful(name)}": content for name, content in sorted(files.items())}
    _refuse_twins(payload)
    top = bag_name(zip_path.stem)
    digests: dict[str, str] = {}
    octets = 0
    with replacing(zip_path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for at, (name, content) in enumerate(payload.items()):
            report(at, len(payload), PurePosixPath(name).name)
            digests[name], size = _store(archive, f"{top}/{name}", content)
            octets += size
        tags = {
            "bag-info.txt": _bag_info(info, octets, len(payload)),
            "bagit.txt": _DECLARATION,
            "manifest-sha256.txt": _manifest(digests),
        }
        tag_manifest = _manifest(
            {name: hashlib.sha256(content).hexdigest() for name, content in tags.items()}
        )
        for name, content in (*tags.items(), (_TAG_MANIFEST, tag_manifest)):
            _store(archive, f"{top}/{name}", content)
    digest = hashlib.sha256(tag_manifest).hexdigest()
    return BagReceipt(zip_path, digest, len(payload), octets)


def make_locked_bag(
    zip_path: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    passphrase: str,
    room: Path,
) -> BagReceipt:
    """A bag inside a zip that opens with ``passphrase`` only (AES-256, which 7-Zip reads too).

    A zip tells the names of its files even when locked, so outside stands one neutral name;
    ``room``: a folder of the workspace for the bag on its way. Errors as ``make_bag``.
    """
    import pyzipper

    inner = room / zip_path.name
    receipt = make_bag(inner, files, info)
    with (
        replacing(zip_path) as temporary,
        pyzipper.AESZipFile(
            temporary, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES
        ) as archive,
    ):
        archive.setpassword(passphrase.encode("utf-8"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        entry = pyzipper.zipfile_aes.AESZipInfo(_LOCKED_NAME, _FIXED_TIME)
        entry.create_system = 0
        with (
            archive.open(entry, "w", force_zip64=True) as target,
            inner.open("rb") as source,
        ):
            while chunk := source.read(_CHUNK):
                target.write(chunk)
    return BagReceipt(zip_path, receipt.tagmanifest_sha256, receipt.files, receipt.octets)


@contextlib.contextmanager
def opened(zip_path: Path, passphrase: str = "") -> Iterator[zipfile.ZipFile]:
    """The bag's zip, taken out of its lock where it has one.

    UserError if it is locked and the passphrase is missing or wrong; zipfile's errors as they
    are.
    """
    with zipfile.ZipFile(zip_path) as archive:
        if not locked(archive.namelist()):
            yield archive
            return
    if not passphrase:
        raise UserError(f"“{zip_path.name}”设了口令。", "请填写口令后再打开。")
    with tempfile.TemporaryFile() as inner:
        _unlock(zip_path, passphrase, inner)
        inner.seek(0)
        with zipfile.ZipFile(inner) as archive:
            yield archive


def _unlock(zip_path: Path, passphrase: str, target: IO[bytes]) -> None:
    import pyzipper

    with pyzipper.AESZipFile(zip_path) as archive:
        archive.setpassword(passphrase.encode("utf-8"))
        try:
            source = archive.open(_LOCKED_NAME)
        except RuntimeError as error:
            raise UserError(f"“{zip_path.name}”的口令不对。", "请核对口令，注意大小写。") from error
        with source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)


def locked(names: Sequence[str]) -> bool:
    """Whether a zip with these members is a bag behind a passphrase."""
    return list(names) == [_LOCKED_NAME]


def bag_name(text: str) -> str:
    """A name for one file or folder of a bag that reads like ``text``.

    Without “%”: RFC 8493 wants it encoded, and common readers do not decode it.
    """
    return safe_name(text.replace("%", "％"))


def _lawful(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name != "/".join(parts) or any(bag_name(part) != part for part in parts):
        raise UserError(f"文件名“{name}”不能放进包里。", "请改用普通的文件名后再导出。")
    return name


def _refuse_twins(names: Iterable[str]) -> None:
    # Windows unpacks “A.pdf” and “a.pdf” onto each other.
    folded = Counter(name.casefold() for name in names)
    twins = [name for name, count in folded.items() if count > 1]
    if twins:
        raise UserError(f"包里有重名的文件“{twins[0]}”。", "请改名后再导出。")


def _store(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> tuple[str, int]:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    digest = hashlib.sha256()
    size = 0
    with archive.open(entry, "w", force_zip64=isinstance(content, Path)) as target:
        for chunk in _chunks(content):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size


def _chunks(content: bytes | Path) -> Iterable[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _bag_info(info: Mapping[str, str], octets: int, count: int) -> bytes:
    lines = []
    for label, value in info.items():
        if not _LABEL.fullmatch(label) or label == "Payload-Oxum":
            raise ValueError(f"not a label for bag-info.txt: {label!r}")
        lines.append(f"{label}: {' '.join(value.split())}")
    lines.append(f"Payload-Oxum: {octets}.{count}")
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _manifest(digests: Mapping[str, str]) -> bytes:
    lines = (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return "".join(lines).encode("utf-8")


def _decoded(name: str) -> str:
    # RFC 8493 §2.1.3 encodes these three; we never write them, another maker may.
    return (
        name.replace("%0A", "\n")
        .replace("%0a", "\n")
        .replace("%0D", "\r")
        .replace("%0d", "\r")
        .replace("%25", "%")
    )


def verify_bag(zip_path: Path, passphrase: str = "") -> tuple[BagCheck, ...]:
    """Every check of a bag read from where it lies; its files are not unpacked to disk.

    The last check gives the tag manifest's digest, to be compared with the printed slip.
    UserError if the file is no readable zip at all, or the passphrase is missing or wrong.
    """
    try:
        with opened(zip_path, passphrase) as archive:
            return tuple(_checks(archive))
    except FileNotFoundError as error:
        raise UserError(f"找不到“{zip_path}”。", "请确认 U 盘或文件夹还在。") from error
    except DAMAGED_ZIP as error:
        raise UserError(
            f"“{zip_path.name}”不是上报包或归档包，或已经损坏。", "请重新生成，或换一个 U 盘复制。"
        ) from error


def _checks(archive: zipfile.ZipFile) -> Iterable[BagCheck]:
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    problem = _names_problem(archive)
    yield BagCheck("文件名", problem is None, problem or f"{len(names)} 个文件，没有越出文件夹的")
    if problem is not None:
        return
    top = names[0].partition("/")[0]
    inside = {name.removeprefix(f"{top}/"): name for name in names}
    unknown = sorted(
        name
        for name in inside
        if not name.startswith("data/") and name not in (*_TAG_FILES, _TAG_MANIFEST)
    )
    missing = [name for name in (*_TAG_FILES, _TAG_MANIFEST) if name not in inside]
    yield BagCheck("没有清单以外的文件", not unknown, "、".join(unknown) or "只有规定的文件")
    yield BagCheck("标签文件齐全", not missing, "缺 " + "、".join(missing) if missing else "齐全")
    if missing:
        return
    tags = {name: _small(archive, inside[name]) for name in (*_TAG_FILES, _TAG_MANIFEST)}
    if any(content is None for content in tags.values()):
        yield BagCheck("标签文件可读", False, "标签文件损坏或大得不正常")
        return
    yield from _content_checks(
        archive, inside, {name: content or b"" for name, content in tags.items()}
    )


def _content_checks(
    archive: zipfile.ZipFile, inside: Mapping[str, str], tags: Mapping[str, bytes]
) -> Iterable[BagCheck]:
    declared = tags["bagit.txt"] == _DECLARATION
    yield BagCheck("BagIt 1.0 声明", declared, "bagit.txt 相符" if declared else "bagit.txt 不符")
    seen = {name: hashlib.sha256(tags[name]).hexdigest() for name in _TAG_FILES}
    yield _compare("标签文件摘要", _parsed(tags[_TAG_MANIFEST]), seen)
    payload = sorted(name for name in inside if name.startswith("data/"))
    digests: dict[str, str] = {}
    octets = 0
    for name in payload:
        digest, size = _digest(archive, inside[name])
        digests[name] = digest
        octets += size
        if octets > _LARGEST_PAYLOAD:
            yield BagCheck("大小", False, "解开后大得不正常，已停止")
            return
    yield _compare("内容文件摘要", _parsed(tags["manifest-sha256.txt"]), digests)
    yield _oxum(tags["bag-info.txt"], octets, len(payload))
    yield BagCheck("标签清单摘要", True, hashlib.sha256(tags[_TAG_MANIFEST]).hexdigest())


def _names_problem(archive: zipfile.ZipFile) -> str | None:
    names = [entry.filename for entry in archive.infolist()]
    if not names:
        return "压缩包是空的"
    if len({name.partition("/")[0] for name in names}) != 1:
        return "压缩包里应只有一个文件夹"
    twins = [name for name, count in Counter(n.casefold() for n in names).items() if count > 1]
    if twins:
        return f"“{twins[0]}”出现了不止一次"
    return next(filter(None, map(_entry_problem, archive.infolist())), None)


def _entry_problem(entry: zipfile.ZipInfo) -> str | None:
    name = entry.filename.rstrip("/")
    parts = name.split("/")
    problem = None
    if "\\" in name or any(safe_name(part) != part for part in parts):
        problem = "不是合法的文件名"
    elif len(parts) == 1 and not entry.is_dir():
        problem = "不在文件夹里"
    elif entry.flag_bits & 1:
        problem = "被加密"
    elif (entry.external_attr >> 16) & 0o170000 == 0o120000:
        problem = "是链接"
    return f"“{entry.filename}”{problem}" if problem else None


def _small(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        with archive.open(name) as stream:
            content = stream.read(_LARGEST_TAG_FILE + 1)
    except DAMAGED_ZIP:
        return None
    return content if len(content) <= _LARGEST_TAG_FILE else None


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[str, int]:
    """Digest and size of a member; an empty digest where its bytes are damaged."""
    digest = hashlib.sha256()
    size = 0
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except DAMAGED_ZIP:
        return "", size
    return digest.hexdigest(), size


def _parsed(manifest: bytes) -> dict[str, str] | None:
    """Digest by path; None where a line is not of the form or a path stands twice."""
    try:
        lines = manifest.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        return None
    found: dict[str, str] = {}
    for line in lines:
        shape = _LINE.fullmatch(line)
        if shape is None or _decoded(shape.group(2)) in found:
            return None
        found[_decoded(shape.group(2))] = shape.group(1)
    return found


def _compare(name: str, wanted: Mapping[str, str] | None, seen: Mapping[str, str]) -> BagCheck:
    if wanted is None:
        return BagCheck(name, False, "清单写法不对")
    wrong = [
        *(f"缺少 {each}" for each in sorted(wanted.keys() - seen.keys())),
        *(f"多出 {each}" for each in sorted(seen.keys() - wanted.keys())),
        *(
            f"{each} 内容不符"
            for each in sorted(wanted.keys() & seen.keys())
            if wanted[each] != seen[each]
        ),
    ]
    return BagCheck(name, not wrong, "；".join(wrong[:20]) or f"{len(seen)} 个文件相符")


def _oxum(bag_info: bytes, octets: int, count: int) -> BagCheck:
    found = re.findall(rb"^Payload-Oxum: ([0-9]+)\.([0-9]+)\r?$", bag_info, re.MULTILINE)
    wanted = (str(octets).encode(), str(count).encode())
    ok = found == [wanted]
    detail = f"{octets} 字节，{count} 个文件"
    return BagCheck("总字节数和文件数", ok, detail if ok else f"实际 {detail}，与登记不符")
