"""Plans to test with: the worked draws, and random ones that reach every rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

VECTORS = Path(__file__).parents[2] / "data" / "rd1"
NAMES = ("1-fixed-teams", "2-pair-each-joint", "3-inspectors-only")
SPECS = ["air", "water", "noise", "waste0", "rad"]
TEXTS = ["某某化工有限公司", "𠮷野家", "𬱖川铸造", "Ａ厂", "a b", "x̌", "🏭", "零·一（二）", "-"]


@dataclass(frozen=True)
class Worked:
    plan: bytes
    reveal: str
    digits: list[str]
    result: bytes


def worked(name: str) -> Worked:
    folder = VECTORS / name
    inputs = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    return Worked(
        (folder / "plan.txt").read_bytes(),
        inputs["reveal"],
        inputs["witnesses"],
        (folder / "result.txt").read_bytes(),
    )


def to_plan(lines: list[str]) -> bytes:
    body = sorted(line.encode("utf-8") for line in lines)
    return b"\n".join([b"RD1 PLAN", *body, b"RD1 END", b""])


def random_inputs(rng: Random, witnesses: int) -> tuple[str, list[str]]:
    reveal = f"{rng.getrandbits(256):064x}"
    digits = ["".join(rng.choices("0123456789", k=rng.randint(6, 32))) for _ in range(witnesses)]
    return reveal, digits


def random_plan(rng: Random) -> tuple[bytes, int]:
    """Bytes of a well-formed plan and how many witnesses it has."""
    lines = ["series|331000", f"draw|331000-2026Q1-{rng.randint(1, 99):02d}", "period|2026Q1"]
    lines.append(f"prev|{rng.getrandbits(256):064x}")
    lines += [f"{kind}|{rng.choice(TEXTS)}" for kind in ("org", "rem", "app") if rng.random() < 0.5]
    lines += rng.choice([["rule|mixdept|1"], ["rule|mixdept|1"], [], ["rule|mixdept|0"]])
    specs = rng.sample(SPECS, rng.randint(1, len(SPECS)))
    targets = _targets(rng, lines, specs)
    inspectors = _groups(rng, lines, specs)
    if targets and inspectors:
        pairs = {
            (rng.choice(inspectors), rng.choice(targets)) for _ in range(rng.choice([0, 0, 3, 40]))
        }
        lines += [
            f"rec|{a}|{t}|{code}" for a, t in pairs for code in rng.choice([["kin"], ["b", "c"]])
        ]
    witnesses = rng.randint(2, 9)
    lines += [f"wit|{i}|{rng.choice(TEXTS)}" for i in range(1, witnesses + 1)]
    return to_plan(lines), witnesses


def _targets(rng: Random, lines: list[str], specs: list[str]) -> list[str]:
    ids: list[str] = []
    for st in rng.sample(["A", "AB", "B", "KEY", "0", "Z9"], rng.choice([0, 1, 2, 3, 4])):
        given = rng.random() < 0.3
        size = rng.choice([1, 2, 5, 12, 30])
        for _ in range(size):
            key = f"{len(ids)}" if rng.random() < 0.5 else f"9133{len(ids):05d}X"
            ids.append(key)
            need = rng.choice([*specs, "", "", "nobody"])
            source = "某环〔2026〕1号|" if given else ""
            lines.append(
                f"{'giv' if given else 'tgt'}|{st}|{key}|{need}|{source}{rng.choice(TEXTS)}"
            )
        if not given:
            n = rng.choice([0, size, rng.randint(0, size)])
            lines.append(f"quota|{st}|{n}|{rng.choice([0, size - n, rng.randint(0, size - n)])}")
    return ids


def _groups(rng: Random, lines: list[str], specs: list[str]) -> list[str]:
    ids: list[str] = []
    for g in rng.sample(["ENF", "EN", "MARKET", "Z", "1"], rng.choice([0, 1, 1, 2, 3])):
        leads, able = rng.choice([0, 0.2, 0.5, 1]), rng.choice([0, 0.2, 0.6])
        depts = [f"Z{n}" for n in range(rng.choice([1, 2, 4]))]
        eligible = 0
        for _ in range(rng.choice([0, 1, 2, 4, 6, 9, 15, 25])):
            key = f"{110000 + len(ids)}" if rng.random() < 0.8 else f"P{len(ids)}"
            ids.append(key)
            fit = rng.random() < 0.85
            eligible += fit
            mine = ",".join(sorted(s for s in specs if rng.random() < able))
            marks = f"{int(rng.random() < leads)}|{mine}|{int(fit)}|{'' if fit else 'leave'}"
            lines.append(f"ins|{key}|{g}|{rng.choice(depts)}|{marks}|{rng.choice(['', *TEXTS])}")
        k = rng.choice([0, eligible // 2, rng.randint(0, eligible // 2)])
        lines.append(f"grp|{g}|" + rng.choice([f"2|fixed|{k}", "2|each|", "2|each|", "1|each|"]))
    return ids
