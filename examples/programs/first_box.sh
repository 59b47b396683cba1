#!/bin/sh
# A tracker in a few lines of shell, which talks TraX: the first box for ever.
#
#     trackbench run --tracker "trax:./first_box.sh" --param "reads=[]" --suite smoke
echo '@@TRAX:hello "trax.version=1" "trax.image=path;" "trax.region=rectangle;"'
while read -r message image region _; do
    case $message in
        @@TRAX:initialize) box=$region && echo "@@TRAX:state $box" ;;
        @@TRAX:frame) echo "@@TRAX:state $box" ;; # the image is in the file $image
        @@TRAX:quit) exit ;;
    esac
done
