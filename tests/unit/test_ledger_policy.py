"""Policies: who must vouch, and what a file may not leave open. After C2SP tlog-policy."""

import pytest

from privity.ledger.policy import PolicyRefused, read_policy

EXAMPLE = b"""# who vouches
log origin.example+00000000+AXo=

witness X1 x1+00000001+AQE= https://x1.example/w
witness X2 x2+00000002+AQI=
\twitness   X3\tx3+00000003+AQM=
group X-witnesses 2 X1 X2 X3
witness Y1 y1+00000004+AQQ=
witness Y2 y2+00000005+AQU=
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(
    ("cosigned", "enough"),
    [
        ("", False),
        ("X1 X2", False),
        ("X1 Y1", False),
        ("X1 X2 Y1", True),
        ("X1 X3 Y2", True),
        ("X1 X2 X3 Y1 Y2", True),
        ("Y1 Y2", False),
        ("nobody X1 X2", False),
    ],
)
def test_the_example_of_the_specification_asks_for_two_of_three_and_one_of_two(cosigned: str, enough: bool) -> None:
    assert read_policy(EXAMPLE).is_met(cosigned.split()) is enough


def test_a_witness_may_be_the_quorum_and_none_asks_for_nobody() -> None:
    one = read_policy(b"witness W w+00000001+AQE=\nquorum W\n")
    assert (one.is_met(["W"]), one.is_met([])) == (True, False)
    assert read_policy(b"quorum none").is_met([])
    assert read_policy(EXAMPLE).witnesses["X1"].url == "https://x1.example/w"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"witness W w+1+AQE=\n",
        b"quorum W\nwitness W w+1+AQE=\n",
        b"quorum none\nquorum none\n",
        b"witness none w+1+AQE=\nquorum none\n",
        b"witness W w+1+AQE=\nwitness W v+1+AQI=\nquorum W\n",
        b"witness W w+1+AQE=\nwitness V v+2+AQE=\nquorum W\n",
        b"log a+1+AQE=\nlog b+2+AQE=\nquorum none\n",
        b"group G any G\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G any W W\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G any W\ngroup H any W\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G 0 W\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G 2 W\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G +1 W\nquorum G\n",
        b"witness W w+1+AQE=\ngroup G any\nquorum G\n",
        b"witness W w+1+AQE= u u\nquorum W\n",
        b"quorum none\r\n",
        b"quorum\xc2\xa0none\n",
        b"witness\x00W\nquorum none\n",
        b"trust me\nquorum none\n",
    ],
)
def test_a_policy_that_leaves_open_whom_to_trust_is_refused(content: bytes) -> None:
    with pytest.raises(PolicyRefused):
        read_policy(content)
