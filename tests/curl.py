"""As much of curl as our examples use, for machines that have none."""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    reader.add_argument("url")
    reader.add_argument("-X", "--request")
    reader.add_argument("-H", "--header", action="append", default=[])
    reader.add_argument("-d", "--data")
    reader.add_argument("--json")
    reader.add_argument("--retry", type=int)
    reader.add_argument("-f", "--fail-with-body", action="store_true")
    reader.add_argument("-s", "--silent", action="store_true")
    reader.add_argument("-S", "--show-error", action="store_true")
    told = reader.parse_args(words)
    headers = dict(line.split(": ", 1) for line in told.header)
    if told.json is not None:
        headers["Content-Type"] = "application/json"
    data = told.json or told.data
    body = data.encode() if data is not None else None
    asked = urllib.request.Request(told.url, body, headers, method=told.request)
    # A proxy of this machine has no business with a server on loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=30) as answer:
            sys.stdout.buffer.write(answer.read())
    except urllib.error.HTTPError as error:
        sys.stdout.buffer.write(error.read())
        return 22 if told.fail_with_body else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
