"""Score on labelled data: ``python -m tests.judge NAME… --data DIR``; ``-v`` lists what failed.

Commands, not tests: a figure is for a person to read, and the data that it is measured on is not
part of this project. A judge is a module beside this one, named as it is called, with a function
``run(data, verbose=…)`` that yields pairs of a figure's name and its value.
"""

import argparse
from importlib import import_module
from pathlib import Path

_WHAT = {
    "normalise": "headline, dateline, byline and body of wire and web copy",
    "quotes": "quotations and their speakers, in Wikinews",
    "topics": "top-level topics by the classes of African news, English and Swahili",
    "places": "places of small-town papers by identifier; countries of Kenyan stories",
    "entities": "people, organisations, places, exact: wire copy, Kenya, recent, Swahili, French",
    "dedupe": "copies of wire stories, edited in many ways, among templates that look like copies",
    "series": "what time decides: items that come again, updates, reprints; all of them invented",
    "natural": "what is merged of texts that nobody edited: counted, and with -v shown to be read",
    "encodings": "text in every encoding that news comes in, read right, refused, or read wrong",
}


def main() -> None:
    arguments = _arguments()
    for name in arguments.names:
        print(f"{name}: {_WHAT[name]}", flush=True)
        judge = import_module(f"tests.judge.{name}")
        for figure, value in judge.run(arguments.data, verbose=arguments.verbose):
            print(f"  {figure:40} {value}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    parser.add_argument("names", nargs="+", choices=_WHAT)
    parser.add_argument("--data", type=Path, help="folder with the labelled data")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what failed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
