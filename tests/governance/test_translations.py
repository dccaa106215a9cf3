"""Words for people: every one has its Chinese, and the tool that says so finds what it should find."""

import pytest

from governance import message_ids, translations


def test_every_word_has_its_chinese():
    assert translations.problems() == []


def test_python_ids_are_found_under_whatever_name_gettext_was_imported():
    text = (
        "from django.utils.translation import gettext_lazy as _, ngettext as many\n"
        "from django.utils.translation import pgettext\n"
        "_('Village')\n"
        "many('one report', '%(n)s reports', 2)\n"
        "pgettext('state', 'Open' ' now')\n"
    )

    assert message_ids.in_python(text) == {
        (None, "Village", None),
        (None, "one report", "%(n)s reports"),
        ("state", "Open now", None),
    }


def test_a_throwaway_underscore_is_no_translation():
    assert message_ids.in_python("for _ in range(3):\n    _('nothing')\n") == set()


def test_an_f_string_is_refused_because_no_catalogue_can_hold_it():
    with pytest.raises(SyntaxError, match="f-string"):
        message_ids.in_python("from django.utils.translation import gettext as _\n_(f'Village {name}')\n")


def test_template_ids_are_found_in_tags_blocks_plurals_and_filters():
    text = (
        '{% translate "Sign in" %}{% translate "May" context "month" %}'
        "{% blocktranslate trimmed count n=list|length %}\n  one {{ n }} of 100%\n{% plural %}\n  {{ n }} of 100%\n"
        '{% endblocktranslate %}{{ value|default:_("not yet") }}{% include "x" with label=_("Name") %}'
    )

    assert message_ids.in_template(text) == {
        (None, "Sign in", None),
        ("month", "May", None),
        (None, "one %(n)s of 100%%", "%(n)s of 100%%"),
        (None, "not yet", None),
        (None, "Name", None),
    }


@pytest.fixture
def town_of_words(tmp_path, monkeypatch):
    """A tree with one Python file, one template and the folders of the catalogues."""
    monkeypatch.setattr(message_ids, "BASE_DIR", tmp_path)
    monkeypatch.setattr(translations, "BASE_DIR", tmp_path)
    for folder in [*message_ids.APPS, "common", "governance", "templates/disputes"]:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "grids/words.py").write_text("from django.utils.translation import gettext as _\n_('%(n)s villages')\n")
    (tmp_path / "templates/disputes/list.html").write_text("{% translate 'Disputes' %}")
    return tmp_path


def fill(owner, text, chinese):
    path = translations.catalogue_path(owner)
    path.write_text(path.read_text().replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{chinese}"'))


def test_missing_words_are_written_to_the_catalogue_of_the_app_that_uses_them(town_of_words):
    assert translations.add_missing() == {"grids": 1, "disputes": 1}

    assert translations.problems() == [
        "disputes: no Chinese for 'Disputes'",
        "grids: no Chinese for '%(n)s villages'",
    ]


def test_filled_catalogues_compile_and_a_second_compile_has_nothing_to_do(town_of_words):
    translations.add_missing()
    fill("disputes", "Disputes", "矛盾纠纷")
    fill("grids", "%(n)s villages", "%(n)s 个村")

    assert translations.problems() == []
    assert len(translations.compile_all()) == 2
    assert translations.compile_all() == []


def test_a_lost_placeholder_an_unused_word_and_a_contradiction_are_named(town_of_words):
    translations.add_missing()
    fill("disputes", "Disputes", "矛盾纠纷")
    fill("grids", "%(n)s villages", "多个村")
    (town_of_words / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    translations.catalogue_path("").write_text('msgid "Disputes"\nmsgstr "纠纷"\n\nmsgid "Old"\nmsgstr "旧"\n')

    found = "\n".join(translations.problems())

    assert "other placeholders in '多个村'" in found
    assert "shared: nobody uses 'Old'" in found
    assert "say 'Disputes' differently" in found
