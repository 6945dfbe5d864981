#!/bin/bash
# packaging/check.sh BUILD: packages of a build, checked, installed with apt in a fresh Debian 12 root, their units
# verified and started there under systemd-nspawn, until a record that the agent followed is read from the gateway.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:?usage: packaging/check.sh BUILD}
packaging/install-packages.sh night
arch=$(dpkg --print-architecture)
machine=$(case "$arch" in amd64) echo x86-64 ;; arm64) echo "ARM aarch64" ;; armhf) echo "ARM, EABI5" ;; esac)

(cd "$build" && rm -f ./*.deb && cpack -G DEB > /dev/null)
packaging/check-deb.sh "$arch" "$machine" "$build"/*.deb

# The list for cross builds says what the native tool finds.
native=$(dpkg-deb -f "$build"/forebay-agent_*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/ (.*//' | sort)
written=$(grep -v '^#' packaging/depends-agent.txt | sed 's/ (.*//' | sort)
[ "$native" = "$written" ] || { echo "FAIL packaging/depends-agent.txt lists $written, the build needs $native"; exit 1; }

root=$(mktemp -d /var/tmp/forebay-root.XXXXXX)
trap 'rm -rf "$root"' EXIT
mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,man-db bookworm "$root"
mkdir "$root/packages"
cp "$build"/*.deb "$root/packages/"
mkdir -p "$root/usr/share/man"
# The root has no network of its own under nspawn; apt runs in it by chroot, with this machine's.
cp /etc/resolv.conf "$root/etc/resolv.conf" || true
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y /packages/*.deb'
rm "$root/usr/sbin/policy-rc.d"
chroot "$root" dpkg -s forebay-agent forebay-gateway forebay | grep -E '^(Package|Status|Version)'

cat > "$root/usr/local/sbin/prove" <<'EOS'
#!/bin/sh
# Runs inside the booted root; its output is the report.
set -x
systemctl is-active forebay-gateway.service || systemctl status --no-pager forebay-gateway.service
systemd-analyze verify forebay-gateway.service forebay-agent.service
install -m 0600 /var/lib/private/forebay-gateway/admin.key /etc/forebay/agent.key
export FOREBAY_KEY_FILE=/etc/forebay/agent.key
forebay stream create packages
systemctl start forebay-agent.service || journalctl --no-pager -u forebay-agent.service
systemctl show -p ActiveState,DynamicUser,NRestarts,StatusText forebay-agent.service forebay-gateway.service
i=0
while [ $i -lt 60 ]; do
  forebay tail packages --raw > /report.records && [ -s /report.records ] && break
  i=$((i + 1)); sleep 0.5
done
wc -l /report.records /var/log/dpkg.log
systemctl stop forebay-agent.service forebay-gateway.service
systemctl show -p Result,ExecMainStatus forebay-agent.service forebay-gateway.service
[ -s /report.records ] && echo PROVED
systemctl poweroff
EOS
chmod 755 "$root/usr/local/sbin/prove"
cat > "$root/etc/systemd/system/prove.service" <<'EOS'
[Unit]
After=multi-user.target forebay-gateway.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c '/usr/local/sbin/prove > /report 2>&1; systemctl poweroff'
[Install]
WantedBy=default.target
EOS
ln -s /etc/systemd/system/prove.service "$root/etc/systemd/system/multi-user.target.wants/prove.service"
timeout 180 systemd-nspawn -q -D "$root" --boot --register=no --keep-unit --console=pipe < /dev/null > "$root/console" 2>&1 || true
cat "$root/report"
grep -q '^PROVED' "$root/report" || { tail -n 40 "$root/console"; echo "FAIL no record got through in the fresh root"; exit 1; }

chroot "$root" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get remove -q -y forebay-agent forebay-gateway && test -d /var/lib/private/forebay-gateway'
chroot "$root" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get purge -q -y forebay-agent forebay-gateway && test ! -e /var/lib/private/forebay-gateway && test ! -e /var/lib/private/forebay-agent'
echo "installed, started, removed and purged"
