"""Words beside rules: nothing dropped, nothing in the wrong place."""

from pathlib import Path

import pytest

from privity.edge.web.beside import Rule, side_by_side

AGREEMENTS = Path(__file__).parents[2] / "agreements"
PUBLISHED = sorted(path.parent for path in AGREEMENTS.glob("*/*/policy.cedar"))


def test_a_clause_stands_beside_every_rule_that_names_it() -> None:
    text = side_by_side(
        "# Title\nPreface\ngoes on.\n\n## 1 Chapter\n### 1.1 First {#c1.1}\nWords.\n- item\n",
        '// note\n@id("a")\n@clause("1.1")\npermit (x);\n\n// next\n@id("b")\n@clause("1.1")\nforbid (y);\n',
    )
    title, chapter, clause = text.passages
    assert (text.title, title.paragraphs) == ("Title", ("Preface goes on.",))
    assert (chapter.depth, chapter.rules) == (2, ())
    assert (clause.clause, clause.paragraphs) == ("1.1", ("Words.", "item"))
    assert clause.rules == (
        Rule(name="a", text='@id("a")\n@clause("1.1")\npermit (x);'),
        Rule(name="b", text='@id("b")\n@clause("1.1")\nforbid (y);'),
    )
    assert text.unworded == ()


def test_a_rule_whose_clause_has_no_words_is_shown_and_not_dropped() -> None:
    text = side_by_side("# Title\n", '@id("a")\n@clause("9.9")\nforbid (y);\n')
    assert text.unworded == (Rule(name="a", text='@id("a")\n@clause("9.9")\nforbid (y);'),)


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_rule_of_a_published_agreement_stands_beside_its_words(folder: Path) -> None:
    rules = (folder / "policy.cedar").read_text(encoding="utf-8")
    text = side_by_side((folder / "text.md").read_text(encoding="utf-8"), rules)
    assert text.unworded == ()
    assert sum(len(passage.rules) for passage in text.passages) == rules.count("\n@id(") + rules.startswith("@id(")
    assert text.title
