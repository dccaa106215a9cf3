"""The columns a roster may have, under the names villages give them, and those that are never taken over."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common import reading
from common.reading import Column, plain_head


@dataclass(frozen=True)
class Field(Column):
    """`of_home`: it says something about the household, and may stand in its first row only."""

    of_home: bool = False


FIELDS = [
    Field("village", _("Village"), ("村", "行政村", "村名", "所属村", "村社区", "社区", "所在村"), of_home=True),
    Field("grid", _("Grid"), ("网格", "所属网格", "网格名称", "所在网格", "第几网格"), of_home=True),
    Field("place", _("Micro-grid or group"), (
        "微网格", "所属微网格", "微网格名称", "组", "小组", "组别", "村民小组", "组名", "所在组", "居民小组",
    ), of_home=True),
    Field("number", _("Household number"), (
        "户号", "户编号", "户编码", "家庭编号", "农户编码", "户序号", "家庭", "户", "户籍号", "户口簿号",
    ), kind=reading.CODE, longest=30, of_home=True),
    Field("head", _("Head of household"), ("户主", "户主姓名", "家庭户主", "户主名", "户主名字", "所属户主"),
          of_home=True),
    Field("address", _("House number or address"), (
        "住址", "家庭住址", "地址", "门牌号", "门牌", "现住址", "居住地址", "详细地址", "家庭地址", "常住地址",
    ), longest=120, of_home=True),
    Field("kind", _("Kind of household"), ("户类型", "农户类型", "户类别", "家庭类型", "农户属性", "户属性", "类型"),
          of_home=True),
    Field("kind_since", _("Of this kind since"), ("认定时间", "识别时间", "认定日期", "识别日期", "纳入时间"),
          kind=reading.DATE, of_home=True),
    Field("kind_source", _("Source of the kind"), ("认定来源", "来源", "认定依据", "数据来源"), of_home=True),
    Field("name", _("Name"), ("姓名", "成员姓名", "家庭成员", "家庭成员姓名", "人员姓名", "名字", "居民姓名")),
    Field("relation", _("Relation to the head"), (
        "与户主关系", "关系", "家庭关系", "户主关系", "与户主的关系", "成员关系", "与户主之关系", "称谓",
    ), longest=20),
    Field("id_number", _("ID number"), (
        "身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "证件号", "公民身份证号码", "居民身份证号",
    ), kind=reading.CODE, longest=40),
    Field("sex", _("Sex"), ("性别",), longest=10),
    Field("birth", _("Date or year of birth"), (
        "出生日期", "出生年月", "出生年份", "出生年", "生日", "出生时间", "出生年月日", "出生",
    )),
    Field("phone", _("Phone"), (
        "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系号码", "本人电话",
    ), kind=reading.CODE, longest=40),
    Field("lives", _("Lives here"), (
        "居住状态", "是否在家", "在家情况", "是否常住", "居住情况", "常住外出", "在家外出", "是否外出", "现状",
    ), longest=20),
    Field("away_to", _("Where (away)"), (
        "外出地", "外出地点", "务工地", "务工地点", "外出去向", "去向", "流向", "外出地址", "流入地",
    ), longest=40),
    Field("away_since", _("Away since"), ("外出时间", "外出日期", "离家时间", "外出年月", "外出时点")),
]  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
SYNONYMS = {plain_head(word): field.key for field in FIELDS for word in (field.key, *field.synonyms)}
# what no screen uses or the law guards (domain handbook 3.6a and 7); a head that holds one of these words is refused
DROPPED = re.compile(
    "民族|宗教|信仰|信教|政治|党员|团员|婚|学历|文化|教育|学校|年级|健康|疾病|病|残|孕|生育|收入|银行|账号|账户|卡号|"
    "低保|负债|贷款|重点|信访|上访|前科|矫正|吸毒|精神|职业|工作单位|服务处所|籍贯|曾用名|兵役|特长|技能|爱好|车牌|"
    "微信|qq|血型|指纹|照片|留守|空巢|独居|困难|诉求|年龄|周岁|身高"
)  # fmt: skip
NEVER_MIND = {"序号", "编号", "no", "备注", "说明"}


def guess(heads: list[str]) -> dict[int, str]:
    """{place of the column: key} of the heads that are known; of several with one meaning the first."""
    found = {}
    for place, head in enumerate(heads):
        key = SYNONYMS.get(plain_head(head))
        if key and key not in found.values():
            found[place] = key
    return found


def is_dropped(head: str) -> bool:
    """Whether a column of that name is never taken over, whatever somebody chooses."""
    plain = plain_head(head)
    return plain not in SYNONYMS and bool(DROPPED.search(plain))


def missing(mapping: dict[int, str]) -> list[str]:
    """What a roster cannot do without and the mapping does not name: the name, and who belongs together."""
    keys = set(mapping.values())
    wanted = [] if "name" in keys else [BY_KEY["name"].label]
    if not keys & {"relation", "head", "number"}:
        wanted.append(BY_KEY["relation"].label)
    return [str(label) for label in wanted]
