"""A flow of an office's own, in a temporary folder: a round through the streets that asks for a field of every type."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.engine import flows
from services.rights import permissions
from services.system.settings import settings

FILES = {
    "flow.toml": """
order = 9
zh = "巡访"
en = "Round"
icon = "directions_walk"
section = "work"

[begin]
fields = "title area description? location?"
area = "chosen"
source = "staff"

[page]
facts = "households cost promised_on told_by"

[list]
columns = "number title state"
filters = "text"
""",
    "states.csv": """state,kind,station,public,waits_for,zh,en
planned,start,raised,none,staff,计划,Planned
walking,active,acted,none,staff,巡访中,Walking
done,done,judged,none,,完成,Done
dropped,dropped,judged,none,,取消,Dropped
""",
    "arrows.csv": """from,action,to,zh,en,needs,guards,deadline,tone,counts
planned,walk,walking,出发,Set out,note?,,none,primary,
walking,log,=,登记,Log,{needs},field:promised_on:0..30 within:households:met,none,,
walking,finish,done,结束,Finish,,,none,primary,
walking,turn,planned,返回,Turn back,,checked,none,,
planned walking,drop,dropped,取消,Drop,note,,none,,
""",
    "fields.csv": """field,type,of,limit,wide,keep,default,zh,en,ask_zh,ask_en,refusal_zh,refusal_en,example_en,\
example_zh
remark,text,,40,yes,,,说法,Remark,居民怎么说？,Say what?,请写一句话。,Write a sentence.,The lamp is out,例：灯不亮
weather,code,weather,,yes,detail,,天气,Weather,,,,,,
households,count,,1..900,,detail,,户数,Households,,,,,,
met,count,,900,,,,见到,Met,,,,,,
cost,money,,5000,,detail,,花费,Cost,,,,,,
safe,yes_no,,,,,,是否安全,Safe,,,,,,
promised_on,day,,,,detail,today+7,答应日期,Promised for,,,,,,
seen_at,moment,,-30..0,,,today+0,看到时间,Seen at,,,,,,
helper,organisation,property,,,detail,,协助单位,Helper,,,,,,
hall,venue,,,,,,场所,Hall,,,,,,
council,forum,,,,,,平台,Council,,,,,,
post,office,,,,,,岗位,Post,,,,,,
corner,area,,,,,,片区,Corner,,,,,,
spot,point,,,,,,位置,Spot,,,,,,
twin,matter,issue,,,,,相关事项,Twin,,,,,,
told_by,,,,,,,转告单位,Told by,,,,,,
remark.drop,,,,,,,,,为什么？,Why not?,,,,
""",
    "terms.csv": "kind,code,zh,en\nweather,sun,晴,Sun\nweather,rain,雨,Rain\n",
    "checklists.csv": """state,question,required,zh,en
walking,doors,yes,门都敲过了吗？,Was every door knocked at?
walking,photo,no,拍照了吗？,Was a photo taken?
""",
    "rights.csv": """action,admin,secretary,staff,grid_worker,viewer
create,,area,area,area,
walk,,area,area,area,
log,,area,area,area,
finish,,area,area,,
turn,,area,area,,
drop,,area,area,,
""",
}
NEEDS = (
    "remark weather households met cost safe promised_on seen_at helper hall? council? post? corner? spot? twin?"
    " helper:told_by? note?"
)


def write(folder: Path, **changed: str) -> Path:
    """The folder ``round`` under ``folder``; ``changed`` says files otherwise, by their name without the ending."""
    into = folder / "flows" / "round"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    for name, text in FILES.items():
        told = changed.get(name.partition(".")[0], text)
        (into / name).write_text(told.replace("{needs}", NEEDS).lstrip(), encoding="utf-8")
    return into


def read_again() -> None:
    """What is kept of the folders is forgotten, as by a process that starts."""
    settings.cache_clear()
    flows.forget()
    getattr(permissions._grants, "cache_clear", lambda: None)()


@pytest.fixture
def own(local: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The flow ``round`` is there while the test runs, in the local folder that every test has."""
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(local))
    folder = write(local)
    read_again()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    read_again()


def log(**changed: Any) -> dict[str, Any]:
    """What somebody enters for the arrow ``log``, all of it right."""
    right: dict[str, Any] = {
        "remark": "The lamp is out",
        "weather": "sun",
        "households": 40,
        "met": 12,
        "cost": "12.50",
        "safe": "yes",
    }
    return right | changed
