#!/bin/sh
# Builds the shop's images, checks the shop, shows one fix, then scans something nobody prepared. `./dev demo` runs it.
# Exit codes: 0 everything answered as it should (the shop's gate fails, and says so); 1 something did not.
set -eu

shop=examples/shop
build=$shop/.build
tidewaiter=.venv/bin/tidewaiter
python=.venv/bin/python
[ -d "$shop" ] && [ -x "$tidewaiter" ] || {
    printf 'demo: run ./dev demo from the top of the repository; it sets up what is missing\n' >&2
    exit 1
}
mkdir -p "$build"
# Never the user's own database: the demo has one beside its archives.
TIDEWAITER_DB=$build/advisories.sqlite
export TIDEWAITER_DB

step() { printf '\n== %s\n' "$*"; }
# Shows a command as a person would type it, then runs it; its exit code is left in `code`.
run() {
    printf '$ tidewaiter %s\n' "$*"
    code=0
    "$tidewaiter" "$@" || code=$?
}
status=0
disappoint() {
    printf 'demo: %s\n' "$*" >&2
    status=1
}

step 'The images of the shop, put together from real packages'
images=
if ! "$python" "$shop/build_image.py"; then
    printf 'demo: going on with the archives there are: the repository is checked without the others\n'
fi
for name in web orders notify; do
    if [ -f "$shop/$name.tar" ]; then images="$images --image shop/$name=$shop/$name.tar"; fi
done

step 'Advisory data: facts that come with the example, no network'
run db import "$shop/advisories"
[ "$code" = 0 ] || disappoint "importing the advisories ended with $code"

step 'One verdict for the repository and its images'
# shellcheck disable=SC2086 # the names hold no blanks
run check "$shop" $images
case $code in
1) printf '\nThe gate answered %s: it fails, as it should with what this shop has in it. A pipeline would stop here.\n' "$code" ;;
0) disappoint "the gate answered 0, but the shop has flaws it should have found" ;;
*) disappoint "the gate answered $code: it could not judge the shop (2: bad input, 3: incomplete)" ;;
esac

step 'What it can change by itself, as a diff'
printf '$ tidewaiter fix --diff %s\n' "$shop"
if "$tidewaiter" fix --diff "$shop" >"$build/fix.diff" 2>"$build/fix.txt" && [ -s "$build/fix.diff" ]; then
    sed -n '1p' "$build/fix.txt"
    sed -n '1,40p' "$build/fix.diff"
else
    disappoint "there was no diff to show: $(sed -n '1p' "$build/fix.txt")"
fi

step 'Something nobody prepared: the environment Tidewaiter runs in'
run scan fs:.venv
case $code in
0 | 1 | 3) printf '\nThe scan answered %s.\n' "$code" ;;
*) disappoint "the scan ended with $code" ;;
esac
exit "$status"
