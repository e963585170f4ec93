# Sourced by the scripts here: the root, the pinned Node first on the PATH, the compiler cache.
# After it the working directory is the root of the checkout.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

export LC_ALL=C.UTF-8 NO_COLOR=1
export PATH="$root/build/node/node_modules/.bin:$PATH"
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

# Paths in the cache are relative to the root and the build folder is not part of the key, so that
# clones, and presets with the same flags (release, bench), share their objects.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=true
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_COMPILERCHECK=content

jobs=${JOBS:-$(nproc)}

# die WHAT WHERE DO: an error in three lines, what happened, where, and what to do about it.
die() {
  printf 'error: %s\n   at: %s\n   do: %s\n' "$1" "$2" "$3" >&2
  exit 1
}

# hash_files PATH...: one hash over the names and contents of the files below the paths.
hash_files() {
  find "$@" \( -name node_modules -o -name dist \) -prune -o -type f -print0 2>/dev/null |
    sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}
