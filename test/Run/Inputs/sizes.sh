# Runs functions of a manifest with every dynamic extent the same, for several.
# sizes.sh MANIFEST OPTION..
manifest=$1
shift
for n in 0 1 2 3 7 8 16 33; do
  amos-run "$manifest" --extent=$n "$@" || exit 1
done
