"""Makes three rosters of one village, laid out in three ways; the third has sixty errors, each known by row and column.

`python -m tests.households.rosters.made FOLDER [PLACE …]` writes them as files, for trying the
screens, also in other places. Names, telephones and ID
numbers are invented: the numbers have right check characters and belong to nobody's district (990000)."""

import csv
import io
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook

from households.id_numbers import check_character

PLACES = ["第一微网格", "第二微网格", "第三微网格", "第四微网格"]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲建华红"
DISTRICT = "990000"  # there is none


@dataclass
class Member:
    name: str
    relation: str
    sex: str
    born: tuple
    number: str
    phone: str = ""
    away: str = ""

    @property
    def year(self):
        return self.born[0]


@dataclass
class Family:
    number: int
    place: str
    address: str
    kind: str = "一般户"
    people: list[Member] = field(default_factory=list)

    @property
    def list(self):
        """Since when and by whose list a household is not an ordinary one."""
        return ["", ""] if self.kind == "一般户" else ["2020年12月31日", "县乡村振兴局名单"]

    @property
    def head(self):
        return self.people[0].name


def id_number(born, sequence, sex):
    first = f"{DISTRICT}{born[0]:04d}{born[1]:02d}{born[2]:02d}{sequence:02d}{sequence % 5 * 2 + (sex == '男')}"
    return first + check_character(first)


def families(count=60, seed=7) -> list[Family]:
    rng = random.Random(seed)
    made, sequence = [], 0
    for number in range(1, count + 1):
        family = Family(number, PLACES[number % len(PLACES)], f"{number}号", rng.choice(["一般户"] * 8 + ["脱贫户"]))
        surname = rng.choice(SURNAMES)
        for relation in ["户主", "配偶", "子", "女", "母亲"][: rng.choice([1, 2, 3, 4, 4, 5])]:
            sequence = (sequence + 1) % 100
            sex = {"户主": "男", "子": "男"}.get(relation, "女")
            age = {"户主": 52, "配偶": 50, "子": 24, "女": 19, "母亲": 76}[relation] + rng.randrange(-4, 5)
            born = (2026 - age, rng.randrange(1, 13), rng.randrange(1, 29))
            name = (surname if relation in ("户主", "子", "女") else rng.choice(SURNAMES)) + "".join(
                rng.sample(GIVEN, 2)
            )
            phone = f"13{rng.randrange(10**9):09d}" if age > 18 and rng.random() < 0.7 else ""
            away = "太原市" if relation == "子" and rng.random() < 0.6 else ""
            family.people.append(Member(name, relation, sex, born, id_number(born, sequence, sex), phone, away))
        made.append(family)
    return made


# --- the clean one: a row for each resident, everything in every row --------------------------

CLEAN = ["户编号", "户主姓名", "姓名", "与户主关系", "性别", "身份证号码", "联系电话", "微网格", "住址", "户类型",
         "认定时间", "认定来源", "是否在家", "外出地点"]  # fmt: skip


def clean_rows(some=None) -> list[list]:
    return [
        [f"{family.number}", family.head, one.name, one.relation, one.sex, one.number, one.phone, family.place,
         family.address, family.kind, *family.list, "外出" if one.away else "在家", one.away]
        for family in some or families() for one in family.people
    ]  # fmt: skip


def workbook(rows, merged=()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def clean() -> bytes:
    return workbook([CLEAN, *clean_rows()])


# --- the village's own: titles, a household's columns in its first row, dates as text, GBK -----

OWN = ["序号", "户主", "组", "家庭住址", "家庭成员姓名", "关系", "性别", "民族", "出生日期", "文化程度", "婚姻状况",
       "手机号码", "外出去向"]  # fmt: skip
DATES = ["{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}-{1:02d}-{2:02d}", "{0}{1:02d}{2:02d}"]


def own_rows(some=None) -> list[list]:
    rows = [["东良村村民花名册"], ["填报单位：东良村民委员会", "", "", "", "填报日期：2026年11月20日"], OWN]
    for n, family in enumerate(some or families(), start=1):
        for one in family.people:
            first = one is family.people[0]
            rows.append([
                n if first else "", family.head if first else "", family.place if first else "",
                family.address if first else "", one.name, one.relation, one.sex, "汉族",
                DATES[n % len(DATES)].format(*one.born), "初中", "已婚", one.phone, one.away,
            ])  # fmt: skip
    return [*rows, ["合计", "", "", "", "", "", "", "", "", "", "", "", ""], ["填表人：王某", "", "审核：李某"]]


def own_gbk() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(own_rows())
    return text.getvalue().encode("gbk")


def own_merged() -> bytes:
    """The same as a workbook, titles and household cells merged as people merge them."""
    rows, merged, row = own_rows(), ["A1:M1", "A2:D2"], 4
    for family in families():
        last = row + len(family.people) - 1
        if last > row:
            merged += [f"{column}{row}:{column}{last}" for column in "ABCD"]
        row = last + 1
    return workbook(rows, merged)


# --- the one with sixty errors --------------------------------------------------------------

COLUMN = {name: place for place, name in enumerate(CLEAN)}


class Planted:
    """The clean roster with errors planted; `errors` are (row as the spreadsheet counts, head of the column)."""

    def __init__(self):
        self.rows = clean_rows(families(120, seed=11))
        self.errors, self.used = [], set()
        self.rng = random.Random(3)
        for count, plant in [
            (5, self.check_digit), (3, self.too_short), (3, self.no_such_day), (2, self.fifteen),
            (4, self.number_twice),
            (3, self.somebody_twice), (4, self.unknown_place), (4, self.sex_against_number), (3, self.date_to_come),
            (4, self.two_heads), (3, self.no_head), (4, self.bad_phone), (4, self.unknown_relation),
            (2, self.no_relation), (3, self.no_name), (2, self.unknown_sex), (2, self.unknown_kind),
            (3, self.here_and_away), (2, self.other_address),
        ]:  # fmt: skip
            for _ in range(count):
                plant()

    def content(self) -> bytes:
        return workbook([CLEAN, *self.rows])

    def _household(self, least=2):
        """Indexes of the rows of a household that has no error yet."""
        while True:
            number = str(self.rng.randrange(1, 121))
            rows = [n for n, row in enumerate(self.rows) if row[0] == number]
            if number not in self.used and len(rows) >= least:
                self.used.add(number)
                return rows

    def _wrong(self, n, column, value):
        self.rows[n][COLUMN[column]] = value
        self.errors.append((n + 2, column))

    def check_digit(self):
        n = self._household()[1]
        number = self.rows[n][COLUMN["身份证号码"]]
        self._wrong(n, "身份证号码", number[:17] + ("0" if number[17] != "0" else "1"))

    def too_short(self):
        n = self._household()[0]
        self._wrong(n, "身份证号码", self.rows[n][COLUMN["身份证号码"]][:16])

    def no_such_day(self):
        first = f"{DISTRICT}1980023001{self.rng.randrange(10)}"
        self._wrong(self._household()[0], "身份证号码", first + check_character(first))

    def date_to_come(self):
        first = f"{DISTRICT}2031010101{self.rng.randrange(10)}"
        self._wrong(self._household()[0], "身份证号码", first + check_character(first))

    def fifteen(self):
        self._wrong(self._household()[0], "身份证号码", "990000800101011")

    def number_twice(self):
        first, then = self._household()[0], self._household()[0]
        self._wrong(max(first, then), "身份证号码", self.rows[min(first, then)][COLUMN["身份证号码"]])

    def somebody_twice(self):
        """A member who stands twice in a household, without number."""
        rows = self._household(3)
        for n in rows[1:3]:
            self.rows[n][COLUMN["身份证号码"]] = ""
        self._wrong(rows[2], "姓名", self.rows[rows[1]][COLUMN["姓名"]])

    def unknown_place(self):
        rows = self._household()
        for n in rows:
            self.rows[n][COLUMN["微网格"]] = "第九微网格"
        self.errors.append((rows[0] + 2, "微网格"))

    def sex_against_number(self):
        n = self._household()[0]
        self._wrong(n, "性别", "女")

    def two_heads(self):
        self._wrong(self._household()[1], "与户主关系", "户主")

    def no_head(self):
        n = self._household()[0]
        self._wrong(n, "与户主关系", "其他")

    def bad_phone(self):
        self._wrong(
            self._household()[1], "联系电话", self.rng.choice(["139000", "23800000000", "138000000011", "138O"])
        )

    def unknown_relation(self):
        self._wrong(self._household()[1], "与户主关系", self.rng.choice(["邻居家的", "房客", "同住人员甲"]))

    def no_relation(self):
        self._wrong(self._household()[1], "与户主关系", "")

    def no_name(self):
        self._wrong(self._household()[1], "姓名", "")

    def unknown_sex(self):
        self._wrong(self._household()[1], "性别", "不详")

    def unknown_kind(self):
        rows = self._household()
        for n in rows:
            self.rows[n][COLUMN["户类型"]] = "富裕户"
        self.errors.append((rows[0] + 2, "户类型"))

    def here_and_away(self):
        n = self._household()[1]
        self.rows[n][COLUMN["是否在家"]] = "在家"
        self._wrong(n, "外出地点", "太原市")

    def other_address(self):
        self._wrong(self._household()[1], "住址", "另一处9号")

    def mended(self) -> bytes:
        return workbook([CLEAN, *clean_rows(families(120, seed=11))])


if __name__ == "__main__":
    folder, PLACES[:] = Path(sys.argv[1]), sys.argv[2:] or PLACES
    folder.mkdir(parents=True, exist_ok=True)
    planted = Planted()
    for name, content in {
        "花名册-规范.xlsx": clean(), "花名册-村自用.csv": own_gbk(), "花名册-村自用-合并单元格.xlsx": own_merged(),
        "花名册-60处错误.xlsx": planted.content(), "花名册-60处错误-已改.xlsx": planted.mended(),
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)
