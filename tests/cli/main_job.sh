#!/bin/sh
# The main job of an annotation project, from a shell: log in, make a task of images, annotate it,
# list it, export it, import that into another task, clean up, log out.
#
#     CVAT_URL=https://cvat.example CVAT_TOKEN=... main_job.sh images/ work/
#
# Instead of CVAT_TOKEN, CVAT_USERNAME and CVAT_PASSWORD do. Where it was broken off (a network that
# failed, a machine that was switched off) it goes on when it is run again with the same two folders:
# what is done is noted in the second one, and a broken upload goes on where it stopped.
set -eu

images=${1:?"say the folder with the images"}
work=${2:?"say a folder to work in"}
: "${CVAT_URL:?"set it to the URL of the server"}"

mkdir -p "$work"
work=$(cd "$work" && pwd)

# The logins and the notes of this job stay in its own folder; the rest of your account is left alone.
export CVATFN_HOST="$CVAT_URL"
export CVATFN_CONFIG_DIR="$work/settings"
export CVATFN_STATE_DIR="$work/state"

# once FILE COMMAND...: run a command unless its output is in the file already; then show that.
once() {
    file=$work/$1
    shift
    if [ ! -e "$file" ]; then
        "$@" >"$file.part"
        mv "$file.part" "$file"
    fi
    cat "$file"
}

log_in() {
    if [ -e "$CVATFN_CONFIG_DIR/logins.json" ]; then
        return # it was done before the job was broken off
    elif [ -n "${CVAT_TOKEN-}" ]; then
        printf '%s\n' "$CVAT_TOKEN" | cvatfn login "$CVAT_URL" --with-token --in-file
    else
        printf '%s\n' "${CVAT_PASSWORD:?}" |
            cvatfn login "$CVAT_URL" --username "${CVAT_USERNAME:?}" --password-stdin --in-file --days 1
    fi
}

# make_task NAME: a task of the images; prints its number when it is ready.
make_task() {
    cvatfn upload "$images" --name "$1" --label 'cat:#ff0000' --label dog --image-quality 90
}

# label_id TASK NAME: the number that the server gave to a label.
label_id() {
    cvatfn list labels --task-id "$1" --name "$2" --fields id --csv | tail -n 1 | tr -d '\r'
}

# boxes LABEL: annotations as JSON: a rectangle on the first frame, a polygon on the second.
boxes() {
    cat <<JSON
{"shapes": [
  {"type": "rectangle", "frame": 0, "label_id": $1, "points": [4, 5, 20, 25]},
  {"type": "polygon", "frame": 1, "label_id": $1, "points": [3, 3, 30, 4, 16, 20]}
]}
JSON
}

annotate() {
    boxes "$(label_id "$1" cat)" | cvatfn call tasks.update_annotations --id "$1" --body -
}

# shapes TASK: how many shapes it has.
shapes() {
    cvatfn call tasks.retrieve_annotations --id "$1" | grep -o '"points":' | wc -l | tr -d ' '
}

log_in

task=$(once task make_task 'The main job')
once annotations annotate "$task" >/dev/null
ours=$(shapes "$task")
echo "task $task: $ours shapes"

cvatfn list tasks --filter "id=$task" --fields id,name,size,status --table

if [ ! -e "$work/dataset.zip" ]; then
    cvatfn export --task "$task" --format 'CVAT for images 1.1' --save-images "$work/dataset.zip"
fi

copy=$(once copy make_task 'The main job, again')
once imported cvatfn import annotations --task "$copy" --format 'CVAT 1.1' "$work/dataset.zip"
theirs=$(shapes "$copy")
echo "task $copy: $theirs shapes"
[ "$theirs" = "$ours" ]

for number in "$task" "$copy"; do
    once "removed-$number" cvatfn call tasks.destroy --id "$number"
done
cvatfn logout
rm -r "$work/settings" "$work/state"
echo "done: $work/dataset.zip"
