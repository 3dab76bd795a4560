"""Made-up complaints as a hotline takes them down: what, where, since when, and the phrases every one of them holds."""

from dataclasses import dataclass
from random import Random

OPENINGS = ("市民来电反映，", "居民反映：", "来电人称", "市民通过微信反映", "群众投诉，", "")
ENDINGS = (
    "希望相关部门尽快处理。",
    "请相关部门核实处理并回复，谢谢！",
    "望有关部门予以解决。",
    "要求尽快处理。",
    "现来电投诉，希望相关部门前往现场核实处理。",
    "",
)
ESTATES = ("锦绣花园", "和平里小区", "金田家园", "幸福小区", "东方新村", "翠湖苑", "六联新村", "坑梓花园")
SPOTS = ("{n}栋楼下", "{n}号楼旁", "{n}栋{m}单元门口", "南门口", "北门对面", "地下车库入口", "中心花园", "菜市场旁")
SINCE = ("已经{n}天了", "从上周开始", "昨晚{m}点左右", "近一个月以来", "每天晚上", "")


@dataclass(frozen=True)
class Trouble:
    """One kind of complaint: the code of its category and several ways of saying the same thing."""

    category: str
    titles: tuple[str, ...]
    stories: tuple[str, ...]


TROUBLES = (
    Trouble(
        "01037",
        ("路灯不亮", "路灯坏了没人修", "几盏路灯熄灭，晚上一片漆黑"),
        ("路灯不亮，晚上很黑，老人出行不安全", "夜间没有照明，路灯损坏，摔过人", "灯坏了几盏，走夜路看不见"),
    ),
    Trouble(
        "06042",
        ("垃圾桶满溢", "垃圾站的桶满了没人清运", "垃圾堆满溢出，臭味大"),
        ("垃圾桶装满后没有及时清运，气味很大", "生活垃圾溢出到路面，苍蝇多", "桶满了两天没人收"),
    ),
    Trouble(
        "09012",
        ("消防通道被车堵住", "车辆占用消防车道", "生命通道上停满小车"),
        ("消防车道长期停车，万一着火救援不便", "私家车停在消防通道上，物业不管", "黄线内停满了车"),
    ),
    Trouble(
        "06028",
        ("广场舞音响太吵", "夜里噪声扰民", "楼上半夜敲打声"),
        ("晚上音响声音大，小孩无法学习休息", "半夜还有噪音，影响睡觉", "吵到十一点，劝过不听"),
    ),
    Trouble(
        "01076",
        ("电梯故障停运", "电梯经常困人", "电梯坏了没人修"),
        ("电梯停运，老人上下楼困难", "电梯运行抖动，多次困人，担心安全", "轿厢异响，报修无果"),
    ),
    Trouble(
        "06013",
        ("路面破损有大坑", "道路坑洼积水", "水泥路塌陷"),
        ("路面坑洼不平，电动车差点摔倒", "下雨天积水，行人绕行", "路面塌陷一块，很危险"),
    ),
    Trouble(
        "90012",
        ("楼上漏水", "天花板渗水", "卫生间漏水到楼下"),
        ("楼上漏水，家里墙面发霉", "天花板一直渗水，多次沟通无果", "漏水泡坏了家具"),
    ),
    Trouble(
        "90003",
        ("物业乱收费", "物业费上涨没公示", "物业多收停车费"),
        ("物业费涨价没有征求业主意见", "收费标准不公开，要求退还多收费用", "账单不清楚，物业不解释"),
    ),
    Trouble(
        "06027",
        ("餐馆油烟直排", "烧烤店油烟大", "饭店油烟飘进家里"),
        ("油烟从窗户飘进来，不敢开窗", "餐饮店没有装净化设备，气味刺鼻", "油烟呛人，孩子咳嗽"),
    ),
    Trouble(
        "09009",
        ("小区车辆乱停", "机动车停在人行道", "乱停车堵住出入口"),
        ("车辆乱停乱放，行人只能走机动车道", "车停在路口，出入困难", "占着盲道和人行道停车"),
    ),
)


def told(chance: Random, trouble: Trouble, estate: str, spot: str, named: float = 0.7) -> tuple[str, str]:
    """One complaint about ``trouble`` at a spot, as people say it; ``named``: how often the estate is."""
    since = chance.choice(SINCE).format(n=chance.randint(2, 20), m=chance.randint(7, 11))
    story = ("，".join(part for part in (chance.choice(trouble.stories), since) if part)) + "。"
    where = f"{estate}{spot}" if chance.random() < named else f"{spot}"
    return f"{where}{chance.choice(trouble.titles)}", chance.choice(OPENINGS) + where + story + chance.choice(ENDINGS)


def elsewhere(chance: Random, spot: str) -> str:
    """Another spot that a reader knows is not this one: another building or another gate."""
    found = spot
    while found == spot or ("门" in found) != ("门" in spot) or not any(sign in found for sign in "栋楼门"):
        found = spot_of(chance)
        if not any(sign in spot for sign in "栋楼门"):
            return found
    return found


def spot_of(chance: Random) -> str:
    """Somewhere in an estate."""
    return chance.choice(SPOTS).format(n=chance.randint(1, 30), m=chance.randint(1, 4))


def complaints(chance: Random, count: int) -> list[tuple[str, str]]:
    """``count`` complaints: title and description."""
    return [told(chance, chance.choice(TROUBLES), chance.choice(ESTATES), spot_of(chance)) for _ in range(count)]
