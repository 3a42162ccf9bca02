# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# zsh -f complete.zsh FOLDER LINE...: types each LINE into an interactive zsh that finds _fmrx in FOLDER, and
# prints what its completion offers for the last word.
zmodload zsh/zpty
folder=$1
shift
offered=$(mktemp)

zpty typed zsh -f -i
zpty -w typed "PS1= PS2= RPS1=; offered=$offered; fpath=(${(q)folder} \$fpath)"
zpty -w typed 'autoload -Uz compinit; compinit -u -D; LISTMAX=10000; unsetopt listbeep'
# What is offered is written down. With -O, -A or -D nothing is offered, only asked.
zpty -w typed 'compadd() {
  local -a matches
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    builtin compadd -A matches "$@"
    print -rn -- "$matches " >> $offered
  fi
  builtin compadd "$@"
}'
zpty -w typed 'finish() { zle list-choices; print >> $offered; zle kill-whole-line }'
zpty -w typed 'zle -N finish; bindkey "^T" finish'
for line; do
  zpty -w -n typed "$line"$'\x14'
done
for (( i = 0; i < 3000; i++ )); do
  (( $(wc -l < $offered) == $# )) && break
  zpty -r -t typed shown
  sleep 0.01
done
zpty -d typed
cat $offered
rm -f $offered
