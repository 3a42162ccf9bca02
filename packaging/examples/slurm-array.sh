#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many IQ files on a cluster: one task for each line of a list.
#
#   ls iq/*.cu8 > files.txt
#   sbatch --array=1-"$(wc -l < files.txt)"%64 slurm-array.sh files.txt audio -s 2.4M --center 93M -f 92.7M
#
# What follows the folder is for fmrx. Tasks that failed are those without an output; submit their numbers again.
#SBATCH --job-name=fmrx
#SBATCH --cpus-per-task=1
#SBATCH --mem=256M
#SBATCH --time=01:00:00
#SBATCH --output=fmrx-%A_%a.log
set -euo pipefail
list=$1 folder=$2
shift 2

input=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$list")
name=$(basename "${input%.*}")
mkdir -p "$folder"
# The file gets its name when it is whole.
fmrx --quiet --source "file:$input" --output "$folder/$name.flac" --rds "json:$folder/$name.jsonl" --strict "$@"
