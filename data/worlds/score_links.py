#!/usr/bin/env python3
"""Score links over a world of the exercise corpus.

    score_links.py WORLD_DIR LINKS.json [--json] [--errors]

LINKS.json (`hearsay export links --json`), report names being file stems, and `<folder>/<message id>` for channel posts:
  {"copies": [{"report": "...", "of": "...", "kind": "..."}],
   "incidents": [{"id": "...", "reports": ["..."], "date": "...", "place": "...", "independent_origins": 2, "status": "contested",
                  "toll": [{"said_on": "...", "by": "...", "killed": [4, 4] or null, "injured": [11, null] or null}]}]}
Figures
  copies      pairs found, either direction (P/R/F1); direction: share of the found pairs that point the right way
  pairs       report pairs that share an incident (P/R/F1); pairs that share only a background mention count neither way
  found       incidents of the truth whose best predicted incident has Jaccard >= 0.5 over reports; merges: predicted incidents that are the best of two
  origins     found incidents with the exact number of independent origins (of all); over: counted too many by more than one
  status      found incidents with the right status (of all)
  toll        killed/injured intervals of the toll series (P/R/F1) over found incidents
"""
import argparse, itertools, json, pathlib
def prf(tp, g, p):
    P = tp / p if p else 0.0; R = tp / g if g else 0.0
    return dict(p=round(100 * P, 1), r=round(100 * R, 1), f=round(200 * P * R / (P + R), 1) if P + R else 0.0, n=g)
def pairs(sets): return {frozenset(x) for s in sets for x in itertools.combinations(sorted(set(s)), 2)}
def main():
    ap = argparse.ArgumentParser(); ap.add_argument("world"); ap.add_argument("links"); ap.add_argument("--json", action="store_true"); ap.add_argument("--errors", action="store_true")
    a = ap.parse_args(); truth = json.load(open(pathlib.Path(a.world) / "truth.json", encoding="utf-8")); got = json.load(open(a.links, encoding="utf-8"))
    names = {r["id"] for r in truth["reports"]}
    tc = {(r["id"], c["of"]) for r in truth["reports"] for c in r["copies"]}; pc = {(c["report"], c["of"]) for c in got["copies"] if c["report"] in names and c["of"] in names}
    # copies of one original are copies of one another: such a predicted pair is neither right nor wrong
    root = {r: r for r in names}
    def find(x):
        while root[x] != x: x = root[x]
        return x
    for x, y in tc: root[find(x)] = find(y)
    tu, pu = {frozenset(x) for x in tc}, {frozenset(x) for x in pc}
    pu_counted = {x for x in pu if x in tu or len({find(y) for y in x}) > 1}
    copies = prf(len(tu & pu), len(tu), len(pu_counted)); right = [x for x in pc if frozenset(x) in tu]
    direction = round(100 * sum(x in tc for x in right) / len(right), 1) if right else 0.0
    T = truth["incidents"]; P = [dict(i, reports=[r for r in i["reports"] if r in names]) for i in got["incidents"]]
    tp_ = pairs([i["reports"] for i in T]); neutral = pairs([i["reports"] + i.get("mentioned_in", []) for i in T]) - tp_
    inside = {r for i in T for r in i["reports"]}
    pp_ = {x for x in pairs([i["reports"] for i in P]) if x <= inside} - neutral
    pr = prf(len(tp_ & pp_), len(tp_), len(pp_))
    best = {}
    for t in T:
        s = set(t["reports"]); ment = set(t.get("mentioned_in", []))
        c = [(len(s & set(p["reports"])) / len(s | (set(p["reports"]) - ment)), k) for k, p in enumerate(P) if s & set(p["reports"])]
        if c: best[t["id"]] = max(c)
    ok = {k: v[1] for k, v in best.items() if v[0] >= 0.5}
    used = list(v[1] for v in best.values()); merges = sum(used.count(k) - 1 for k in set(used))
    exact = over = st = 0; ttp = tg = tpn = 0
    for t in T:
        iv = lambda xs: [(m, tuple(x[m])) for x in xs for m in ("killed", "injured") if x.get(m)]
        g = iv(t["toll"])
        if t["id"] not in ok:
            tg += len(set(g))
            if a.errors: print("NOT FOUND", t["id"], t["place"], t["date"], "best", best.get(t["id"]))
            continue
        p = P[ok[t["id"]]]; q = set(iv(p.get("toll") or []))
        exact += p.get("independent_origins") == t["independent_origins"]; over += (p.get("independent_origins") or 0) > t["independent_origins"] + 1; st += p.get("status") == t["status"]
        g = set(g); ttp += len(g & q); tg += len(g); tpn += len(q)
        if a.errors and (p.get("independent_origins") != t["independent_origins"] or p.get("status") != t["status"] or g != q):
            print(t["id"], "origins", t["independent_origins"], "got", p.get("independent_origins"), "| status", t["status"], "got", p.get("status"), "| toll missing", sorted(g - q, key=str), "extra", sorted(q - g, key=str))
    n = len(T); res = dict(copies=copies, direction=direction, pairs=pr, incidents=n, found=round(100 * len(ok) / n, 1), merges=merges, origins=round(100 * exact / n, 1), over=over, status=round(100 * st / n, 1), toll=prf(ttp, tg, tpn))
    if a.json: print(json.dumps(res)); return
    for k, v in res.items(): print(f"{k:10s} {v}")
if __name__ == "__main__": main()
