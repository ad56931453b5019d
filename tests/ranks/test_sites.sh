#!/usr/bin/env bash
# The default model on ranks: one gives the bytes of no ranks at all, two the same gradients, and what they saved goes on
# with another number of them.
. "$(dirname "$0")/common.sh"
options="--arch sites --batch 48 --latent 3 --trunk 16 --decoder 16 --last 8 --max-atoms 40 --quiet"
agree() { # A B BOUND: relative difference of Adam's first moments, which are sums of gradients
  python3 - "$@" << 'END'
import array, json, math, struct, sys
def moments(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = array.array("f", file.read())
    parts = [tensor["data_offsets"] for name, tensor in sorted(header.items()) if name.startswith("moment1.")]
    return [x for begin, end in parts for x in data[begin // 4:end // 4]]
a, b = moments(sys.argv[1]), moments(sys.argv[2])
off = math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)) / sum(x * x for x in a))
sys.exit(f"{sys.argv[2]}: gradients differ by {off:.1e}" if len(a) != len(b) or not off <= float(sys.argv[3]) else 0)
END
}
env -u OMPI_COMM_WORLD_SIZE "$program" train -o alone $options --steps 4
ranks 1 train -o one $options --steps 4
agree alone.checkpoint one.checkpoint 0
ranks 2 train -o two $options --steps 4 # with different shares of the posterior's rows
agree alone.checkpoint two.checkpoint 1e-5 # sums of float in another order, four steps of them
ranks 3 train -o two $options --steps 5 --resume || fail "3 ranks do not go on from 2"

code=0
ranks 4 train -o none $options --steps 4 2> err || code=$?
[ $code = 1 ] && [ "$(grep -c 'at most 3 ranks' err)" = 1 ] || fail "a batch too small for its ranks: one line"
[ ! -e none ] || fail "a file in spite of the error"
