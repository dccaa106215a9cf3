"""Invents names of people: surnames by how common they are, given names by the taste of each generation."""

# share per ten thousand of the population, rounded, from public name statistics; some of Shanxi's own beside them
SURNAMES = {
    "王": 720, "李": 718, "张": 676, "刘": 538, "陈": 453, "杨": 308, "黄": 220, "赵": 205, "吴": 199, "周": 190,
    "徐": 143, "孙": 139, "马": 131, "朱": 127, "胡": 118, "郭": 115, "何": 107, "高": 101, "林": 100, "罗": 99,
    "郑": 94, "梁": 85, "谢": 75, "宋": 73, "唐": 69, "许": 68, "韩": 67, "冯": 65, "邓": 64, "曹": 62,
    "彭": 57, "曾": 57, "肖": 56, "田": 55, "董": 54, "袁": 50, "潘": 50, "于": 48, "蒋": 47, "蔡": 46,
    "余": 45, "杜": 44, "叶": 44, "程": 43, "苏": 43, "魏": 42, "吕": 41, "丁": 41, "任": 40, "沈": 39,
    "姚": 38, "卢": 37, "姜": 37, "崔": 36, "钟": 36, "谭": 35, "陆": 34, "汪": 33, "范": 33, "金": 32,
    "石": 32, "廖": 31, "贾": 31, "夏": 30, "韦": 29, "付": 29, "方": 28, "白": 28, "邹": 27, "孟": 27,
    "熊": 27, "秦": 26, "邱": 26, "江": 25, "尹": 25, "薛": 24, "闫": 24, "段": 23, "雷": 23, "侯": 22,
    "龙": 20, "史": 20, "陶": 20, "黎": 19, "贺": 19, "顾": 18, "毛": 18, "郝": 18, "龚": 18, "邵": 18,
    "万": 17, "钱": 17, "严": 16, "覃": 16, "武": 16, "戴": 16, "莫": 15, "孔": 15, "向": 14, "汤": 14,
    "温": 13, "康": 13, "申": 11, "焦": 9, "暴": 2,
}  # fmt: skip
GIVEN = {
    # born before 1965, before 1990, since: characters of men and of women
    1965: (
        "国德福贵根有生来明保全成发喜财旺清仁义忠孝信富银金玉林树海河山石虎龙祥云春秋文武安庆荣华兴元良才",
        "秀兰英桂花莲凤仙梅香翠玉珍爱巧菊荣云娥春芳先枝叶果改变转引焕彩青芝",
    ),
    1990: (
        "建军伟强勇斌鹏飞超杰峰磊涛辉刚平宏志海波亮晓东利民永红卫晋太行庆俊华文新宇春雷",
        "丽红艳霞燕娟敏静玲芳娜萍慧洁琴琳晓华春晋梅雪瑞亚青志彩俊变利",
    ),
    9999: (
        "浩宇轩泽博文子昊天睿铭晨俊一航嘉皓然梓奕思源书恒家瑞诚逸明煜",
        "欣怡涵梓雨萱诗琪佳思悦子彤可馨语嘉雅晨一诺若心妍芮文静瑶",
    ),
}
ONE_CHARACTER = {1965: 0.14, 1990: 0.34, 9999: 0.16}  # how often the given name is a single character
LOCAL_SHARE = 0.38  # so many households of a village carry one of its few old surnames


class Namer:
    """Names for the people of one village; the same random source gives the same names."""

    def __init__(self, rng, old_surnames=3):
        self.rng = rng
        self.local = rng.choices(list(SURNAMES), SURNAMES.values(), k=old_surnames)

    def surname(self) -> str:
        """A surname as households of this village have it."""
        if self.rng.random() < LOCAL_SHARE:
            return self.rng.choice(self.local)
        return self.rng.choices(list(SURNAMES), SURNAMES.values())[0]

    def given(self, sex: str, birth_year: int) -> str:
        """One or two characters in the taste of the years around the birth."""
        until = next(year for year in GIVEN if birth_year < year)
        letters = GIVEN[until][0 if sex == "M" else 1]
        if self.rng.random() < ONE_CHARACTER[until]:
            return self.rng.choice(letters)
        return "".join(self.rng.sample(letters, 2))

    def person(self, sex: str, birth_year: int) -> str:
        return self.surname() + self.given(sex, birth_year)
