from pathlib import Path
from trackbench.plugins import load_plugin
from trackbench import registry
from trackbench import source as S
from trackbench.content_hash import Content
from trackbench.own_files import Ownership, own_files
import trackbench, sys

def dump(f):
    path, name = S._written_in(f)
    o = Ownership(name.partition(".")[0])
    c = Content("x", o, S.Named.CONTENT, path or S._NOWHERE)
    st = c.digest(f)
    start = [(path, name, S._package(path, name))] + [(file, *n) for file, n in c.files.items()]
    files = own_files(c.modules, start, o, path)
    return dict(told=c.told, state=st.hex()[:10], files={k:(v.sha256[:8], v.straight) for k,v in files.items()}, cm=sorted(c.modules), cf={str(k):v for k,v in c.files.items()})

def test_x(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    PL=Path('/work/main/tests/plugins/misbehaving.py')
    load_plugin(PL)
    f=registry.trackers().get("misbehaving").factory
    a=dump(f)
    trackbench.run("misbehaving", datasets=["mnist-single-same"], sequences=8, lengths=[4,10], out=tmp_path/"good", jobs=1)
    b=dump(f)
    load_plugin(PL)
    f=registry.trackers().get("misbehaving").factory
    c=dump(f)
    trackbench.run("misbehaving", datasets=["mnist-single-same"], sequences=8, lengths=[4,10], out=tmp_path/"crash", jobs=1)
    d=dump(f)
    for x in (a,b,c,d): print("AAA", x)
    assert 0
