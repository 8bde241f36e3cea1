"""RD1 §3–§5 once more, as literally and naively as the page puts it.

Shares no code with the product: own parsing, hex strings, every pair compared
with every other.  Only for well-formed plans.
"""

from __future__ import annotations

from hashlib import sha256


def h(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()


def up(a: int, b: int) -> int:
    return (a + b - 1) // b if b else 0


def result(data: bytes, reveal: str, digits: list[str]) -> bytes:  # noqa: PLR0912 - one page, read from top to bottom
    rows = [line.split("|") for line in data.decode("utf-8").split("\n")[1:-2]]
    of = lambda kind: [row[1:] for row in rows if row[0] == kind]  # noqa: E731
    no = of("draw")[0][0]
    p = sha256(data).hexdigest()
    s = h(f"RD1|seed|{no}|{p}|{reveal}|{','.join(digits)}")
    out = ["RD1 RESULT", f"draw|{no}", f"plan|{p}"]
    out += [f"commit|{h(f'RD1|commit|{no}|{p}|{reveal}')}", f"reveal|{reveal}"]
    out += [f"witness|{i + 1}|{w}" for i, w in enumerate(digits)]
    out += [f"seed|{s}"]

    need, selected, alternates = {}, [], []
    quota = {st: (int(n), int(a)) for st, n, a in of("quota")}
    for st in sorted({row[0] for row in of("giv") + of("tgt")}):
        given = [row[1] for row in of("giv") if row[0] == st]
        pool = [row[1] for row in of("tgt") if row[0] == st]
        order = sorted((h(f"RD1|ticket|{s}|{st}|{i}"), i) for i in given + pool)
        if given:
            out += [f"giv|{st}|{k}|{i}|{t}" for k, (t, i) in enumerate(order, 1)]
            selected += [i for _, i in order]
        else:
            n, a = quota[st]
            out += [f"sel|{st}|{k}|{i}|{t}" for k, (t, i) in enumerate(order[:n], 1)]
            out += [f"alt|{st}|{k}|{i}|{t}" for k, (t, i) in enumerate(order[n : n + a], 1)]
            selected += [i for _, i in order[:n]]
            alternates += [i for _, i in order[n : n + a]]
    for row in of("giv") + of("tgt"):
        need[row[1]] = row[2]
    targets = selected + alternates

    recused = {(row[0], row[1]) for row in of("rec")}
    mixdept = ["mixdept", "1"] in of("rule")
    people = {
        row[0]: {"g": row[1], "dept": row[2], "lead": row[3] == "1", "specs": row[4].split(",")}
        for row in of("ins")
        if row[5] == "1"
    }
    lead = lambda a: people[a]["lead"]  # noqa: E731

    def unmet(t: str, *who: str) -> int:
        return int(bool(need[t]) and not any(need[t] in people[a]["specs"] for a in who))

    def same(a: str, b: str) -> int:
        return int(mixdept and people[a]["dept"] == people[b]["dept"])

    for g, size, mode, teams in sorted(of("grp")):
        i_all = [a for a in people if people[a]["g"] == g]
        if mode == "fixed":
            k = int(teams)
            order = sorted(i_all, key=lambda a: (h(f"RD1|inspector|{s}|{g}|{a}"), a))
            d, standby = order[: 2 * k], order[2 * k :]
            formed = []
            while d:
                a = d[0]
                others = d[1:]
                b = min(
                    others,
                    key=lambda x: (not lead(a) and not lead(x), same(a, x), d.index(x)),
                )
                d = [x for x in d if x not in (a, b)]
                formed.append((b, a) if lead(b) and not lead(a) else (a, b))
            for number, (a, b) in enumerate(formed, 1):
                flags = ("L" if not lead(a) and not lead(b) else "") + ("D" if same(a, b) else "")
                out.append(f"team|{g}|{number}|{a}|{b}|{flags or '.'}")
            out += [f"standby|{g}|{at}|{a}" for at, a in enumerate(standby, 1)]
            cap = up(len(selected), k)
            out.append(f"cap|{g}|{cap}")
            load = dict.fromkeys(range(1, k + 1), 0)
            for t in targets:
                options = [
                    (
                        unmet(t, *formed[x - 1]),
                        load[x] >= cap,
                        load[x],
                        h(f"RD1|assign|{s}|{g}|{t}|{x}"),
                        x,
                    )
                    for x in load
                    if not any((a, t) in recused for a in formed[x - 1])
                ]
                if not options:
                    out.append(f"assign|{g}|{t}|-|X")
                    continue
                best = min(options)
                flags = ("S" if best[0] else "") + ("O" if best[1] else "")
                out.append(f"assign|{g}|{t}|{best[4]}|{flags or '.'}")
                load[best[4]] += 1
            continue
        cap = up(int(size) * len(selected), len(i_all))
        out.append(f"cap|{g}|{cap}")
        load = dict.fromkeys(i_all, 0)
        for t in targets:
            ranks = sorted(
                (a for a in i_all if (a, t) not in recused),
                key=lambda a: (load[a], h(f"RD1|team|{s}|{g}|{t}|{a}"), a),
            )
            if size == "2":
                if len(ranks) < 2:
                    out.append(f"pair|{g}|{t}|-|-|X|")
                    continue
                options2 = []
                for i, a in enumerate(ranks):
                    for j in range(i + 1, len(ranks)):
                        b = ranks[j]
                        options2.append(
                            (
                                int(not lead(a) and not lead(b)),
                                unmet(t, a, b),
                                (load[a] >= cap) + (load[b] >= cap),
                                same(a, b),
                                max(load[a], load[b]),
                                load[a] + load[b],
                                i,
                                j,
                            )
                        )
                x = min(options2)
                a, b = ranks[x[6]], ranks[x[7]]
                flags = "".join(f for f, on in zip("LSOD", x[:4], strict=True) if on)
                rest = [c for c in ranks if c not in (a, b)][:3]
                first, second = (b, a) if lead(b) and not lead(a) else (a, b)
                out.append(f"pair|{g}|{t}|{first}|{second}|{flags or '.'}|{','.join(rest)}")
                load[a] += 1
                load[b] += 1
            else:
                if not ranks:
                    out.append(f"one|{g}|{t}|-|X|")
                    continue
                y = min(
                    (unmet(t, a), load[a] >= cap, load[a], rank) for rank, a in enumerate(ranks)
                )
                a = ranks[y[3]]
                flags = ("S" if y[0] else "") + ("O" if y[1] else "")
                rest = [c for c in ranks if c != a][:3]
                out.append(f"one|{g}|{t}|{a}|{flags or '.'}|{','.join(rest)}")
                load[a] += 1
    return ("\n".join([*out, "RD1 END"]) + "\n").encode("ascii")
