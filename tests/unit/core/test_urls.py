import pytest

from worker.core.urls import canonical, host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Lake.Example/News", "https://lake.example/News"),
        ("https://lake.example", "https://lake.example/"),
        ("https://lake.example/a#top", "https://lake.example/a"),
        ("https://lake.example/a?", "https://lake.example/a"),
        ("https://lake.example:443/a", "https://lake.example/a"),
        ("http://lake.example:80/a", "http://lake.example/a"),
        ("http://lake.example:8080/a", "http://lake.example:8080/a"),
        ("https://lake.example/a?UTM_source=x&id=7&fbclid=y", "https://lake.example/a?id=7"),
        ("https://lake.example/a?b=2&a=1", "https://lake.example/a?b=2&a=1"),
        (" https://lake.example/a ", "https://lake.example/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("https://who@lake.example/a", "https://lake.example/a"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "url",
    ["/a#top", "mailto:a@lake.example", "http://[::1/a", "http://lake.example:x/", "https://"],
)
def test_what_is_none_of_the_web_stays(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Lake.example/a", "lake.example"),
        ("https://lake.example", "lake.example"),
        ("/a", None),
        ("http://[::1/a", None),
    ],
)
def test_host(url: str, site: str | None) -> None:
    assert host(url) == site
