#!/bin/sh
# One referral over HTTP, for whoever writes in another language:
#
#     export GOODWORD_URL=https://thanks.example GOODWORD_KEY=gw_…
#     sh examples/curl/referral.sh
#
# What did not arrive is sent again, three times, and counts once: each call has a key of its own.
# An error is a JSON object with `reason`, for programs, and `detail`, for people.
set -eu

ask() { # METHOD PATH [BODY]
    method=$1 path=$2 body=${3-}
    set -- --silent --show-error --fail-with-body --retry 3 --request "$method"
    set -- "$@" --header "Authorization: Bearer $GOODWORD_KEY"
    set -- "$@" --header "Idempotency-Key: $$-$(date +%s)-$method-$path"
    if [ -n "$body" ]; then
        set -- "$@" --header "Content-Type: application/json" --data "$body"
    fi
    curl "$@" "$GOODWORD_URL/v1$path"
}

# What is promised to whom.  Amounts are whole minor units: 10000 are NT$100.00.  Without `starts` a
# program counts from its saving on, to the microsecond; `date` below knows only seconds.
ask PUT /programs/friends '{
    "title": "Give 10%, get NT$100", "starts": "2025-01-01T00:00:00Z",
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "amount_off", "amount": {"minor": 10000, "unit": "TWD"}}
}' >/dev/null

# A code for Mei, who passes it on.
code=$(ask POST /programs/friends/advocates '{"advocate": {"id": "c-17", "name": "Mei"}}' |
    sed -n 's/.*"text": *"\([^"]*\)".*/\1/p')
echo "Mei passes on $code."

# A friend buys with it.  Tell the whole order again whenever it changes.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
ask POST /orders '{
    "id": "1001", "placed": "'"$now"'", "paid": "'"$now"'", "code": "'"$code"'",
    "net": {"minor": 72000, "unit": "TWD"}, "gross": {"minor": 72000, "unit": "TWD"}
}' >/dev/null

# Who was credited, and why.
ask GET /orders/1001/explanation
