#!/usr/bin/env bash
# Two ranks on two hosts: network namespaces with names of their own, joined by one cable. The candidates are those of one
# process. Skipped where namespaces may not be made.
. "$(dirname "$0")/common.sh"
a=deepstruc-a-$$ b=deepstruc-b-$$
clear() { ip netns del $a; ip netns del $b; } 2> /dev/null
trap 'clear || true; rm -rf "$work"' EXIT
{ ip netns add $a && ip netns add $b && ip link add da$$ netns $a type veth peer name db$$ netns $b &&
  ip -n $a addr add 10.77.0.1/24 dev da$$ && ip -n $b addr add 10.77.0.2/24 dev db$$ &&
  ip -n $a link set da$$ up && ip -n $b link set db$$ up && ip -n $a link set lo up && ip -n $b link set lo up &&
  ip netns exec $b unshare --uts true; } 2> err || { echo "skipped: no network namespaces here ($(head -n 1 err))"; exit 77; }

# What mpirun starts the other host's daemon with, in place of ssh: ADDRESS COMMAND...
cat > agent << END
#!/bin/sh
shift
exec ip netns exec $b unshare --uts sh -c "hostname $b; cd $work; \$*"
END
chmod +x agent
awk '!/^[0-9]/ || $1 < 6' "$source_folder/examples/decahedron.gr" > a.gr
options="--methods library --max-atoms 13 --qmin 0.9 --quiet"
"$program" solve a.gr $options -o alone
ip netns exec $a unshare --uts sh -c "hostname $a; timeout 120 mpirun --allow-run-as-root -q -n 2 -H 10.77.0.1:1,10.77.0.2:1 \
  --mca plm_rsh_agent $work/agent --mca oob_tcp_if_include 10.77.0.0/24 --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 \
  sh -c 'hostname >> hosts; exec $program solve a.gr $options -o shared'" 2> err || fail "the job over two hosts failed"
[ "$(sort hosts | tr '\n' ' ')" = "$a $b " ] || fail "not one rank on each host: $(cat hosts)"
cmp alone/candidates.csv shared/candidates.csv || fail "two hosts: other candidates"
