import pytest

from advise.runlog.words import Names, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("eval/meanAveragePrecision", ("eval", "mean", "average", "precision")),
        ("train/CrossEntropyLoss", ("train", "cross", "entropy", "loss")),
        ("eval_rougeL", ("eval", "rougel")),
        ("metrics/mAP50(B)", ("metrics", "map50", "b")),
        ("test_coco_eval_bbox[0]", ("test", "coco", "eval", "bbox", "0")),
        ("", ()),
    ],
)
def test_a_name_is_its_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_the_longest_name_wins_and_leaves_the_rest() -> None:
    names = Names([("loss", "loss"), ("cross entropy loss", "ce"), ("entropy loss", "other")])
    assert names.find(("train", "cross", "entropy", "loss")) == ("ce", ("train",))
    assert names.find(("train", "loss", "bbox")) == ("loss", ("train", "bbox"))
    assert names.find(("lr",)) is None


def test_of_names_for_the_same_words_the_first_counts() -> None:
    assert Names([("loss", "first"), ("loss", "second")]).exact(("loss",)) == "first"
