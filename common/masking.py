"""How personal data look in lists, pages and exports (domain handbook 6.4)."""

COMPOUND = {
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "长孙",
    "宇文",
}


def name(full: str) -> str:
    """张三丰 -> 张**, 张三 -> 张*, 欧阳某 -> 欧阳*."""
    if not full:
        return ""
    kept = 2 if full[:2] in COMPOUND and len(full) > 2 else 1
    return full[:kept] + "*" * (len(full) - kept)


def phone(number: str) -> str:
    """First three and last four digits."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def id_number(number: str) -> str:
    """First and last character only: more, beside an age, gives the person away."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 2 else "*" * len(number)
