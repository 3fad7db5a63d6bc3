"""What the containers of a build run, in the shell of BusyBox.

All that a user says comes as environment variables or arguments, never as a part of the script. Kubernetes leaves
`$(command)` as it is, for no variable has such a name.
"""

#: Fetches REF of REPOSITORY into SOURCE and tells the commit. Branches, tags and whole commits are fetched alone;
#: abbreviated commits, and servers that give no single ones, need it all.
FETCH = """
git init --quiet "$SOURCE"
cd "$SOURCE"
git remote add origin "$REPOSITORY"
if git fetch --quiet --no-tags --depth 1 -- origin "$REF"; then
  git checkout --quiet --detach FETCH_HEAD
else
  echo "Fetching everything, to look for $REF."
  git fetch --quiet --tags -- origin '+refs/heads/*:refs/remotes/origin/*'
  git checkout --quiet --detach "origin/$REF" 2> /dev/null || git checkout --quiet --detach "$REF" -- || {
    echo "There is no branch, tag or commit $REF in $REPOSITORY." >&2
    exit 1
  }
fi
git submodule --quiet update --init --recursive --depth 1
for path in "$CONTEXT" "$DOCKERFILE"; do
  if ! test -e "$path"; then
    echo "There is no $path in $REPOSITORY at $REF." >&2
    exit 1
  fi
done
git rev-parse HEAD > "$RESULT"
"""

#: Runs BuildKit with the script's arguments and tells the digest of what was pushed. BuildKit puts its metadata in
#: place by renaming a file, which the termination message, being mounted, refuses.
BUILD = """
buildctl-daemonless.sh build "$@" --metadata-file "$METADATA"
digest=$(sed -n 's/.*"containerimage.digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$METADATA")
if test -z "$digest"; then
  echo "BuildKit pushed the image and told no digest." >&2
  exit 1
fi
printf %s "$digest" > "$RESULT"
"""
