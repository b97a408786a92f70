# complete.sh SCRIPT LINE: what the script completes at the end of the line, split
# into words as readline does it.
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
words=${2//=/ = }
read -ra COMP_WORDS <<< "$words"
[[ $words == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_amosc
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
