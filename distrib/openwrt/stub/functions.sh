# What the package's scripts use of OpenWrt's /lib/functions.sh, rc.common and procd.sh, as far as the tests need it.
# Not OpenWrt's code: calls to procd are noted in /var/procd, one a line, the arguments in <>.
# shellcheck shell=dash

config_load() {
  config=/etc/config/$1
}

# Values of an option or a list of the section, one a line; an empty one is none, as for UCI.
uci_values() {
  sed -n "s/^[[:space:]]*$1[[:space:]][[:space:]]*$2[[:space:]][[:space:]]*'\(.*\)'[[:space:]]*\$/\1/p" "$config" |
    sed '/^$/d'
}

config_get() {
  local value
  if [ "$3" = TYPE ]; then
    value=$(sed -n "s/^config \([a-z]*\) '$2'\$/\1/p" "$config")
  else
    value=$(uci_values option "$3" | tail -n 1)
  fi
  eval "$1=\${value:-\$4}"
}

config_list_foreach() {
  local item
  uci_values list "$2" > /var/list
  while read -r item; do
    "$3" "$item"
  done < /var/list
}

# The types that are used, with the meaning of OpenWrt's validate.c: numbers as strtol takes them with base 0.
fits() {
  local value=$1 type=$2 from to
  case "$type" in
    bool) case "$value" in 0 | off | false | no | 1 | on | true | yes) return 0 ;; *) return 1 ;; esac ;;
    maxlength*) [ ${#value} -le "$(echo "$type" | tr -cd '0-9')" ] ;;
    range*)
      echo "$value" | grep -qE '^[-+]?(0x[0-9a-fA-F]+|[0-9]+)$' || return 1
      from=${type#range(}
      to=${from#*,}
      [ $((value)) -ge "${from%,*}" ] && [ $((value)) -le "${to%)}" ]
      ;;
    or*) echo "$type" | tr '(),' '\n' | grep -qFx "\"$value\"" ;;
    *)
      echo "the tests know no type $type" >&2
      exit 70
      ;;
  esac
}

uci_validate_section() {
  local name value rest type default
  [ "$1 $2 $3" = "conet node main" ] || return 1
  shift 3
  name=${1%%:*}
  rest=${1#*:}
  type=${rest%:*}
  default=
  [ "$type" = "$rest" ] || default=${rest##*:}
  value=$(uci_values option "$name" | tail -n 1)
  [ -z "$value" ] || fits "$value" "$type" || return 1
  value=${value:-$default}
  eval "$name=\$value"
}

note() {
  local word line=
  for word in "$@"; do
    line="$line <$word>"
  done
  echo "${line# }" >> /var/procd
}

for call in procd_open_instance procd_close_instance procd_append_param procd_open_data procd_close_data \
  procd_add_reload_trigger procd_set_config_changed procd_kill json_add_array json_close_array json_add_object \
  json_close_object json_add_string; do
  eval "$call() { note $call \"\$@\"; }"
done

procd_set_param() {
  note procd_set_param "$@"
  [ "$1" != command ] || { shift && printf '%s\n' "$@" > /var/procd.command; }
}

# The user and the links that OpenWrt makes for a package; its service is started, and stopped before it goes.
default_postinst() {
  local name=conet
  if grep -q '^Require-User: conet:conet$' /usr/lib/opkg/info/conet-edge.control && ! grep -q "^$name:" /etc/passwd; then
    echo "$name:x:32768:" >> /etc/group
    echo "$name:x:32768:32768:$name:/var/run/$name:/bin/false" >> /etc/passwd
  fi
  # shellcheck source=/dev/null
  (. /usr/lib/opkg/info/conet-edge.postinst-pkg)
  [ "$PKG_UPGRADE" = 1 ] || ln -sf /etc/init.d/conet /etc/rc.d/S95conet
  /etc/init.d/conet start
}

default_prerm() {
  # shellcheck source=/dev/null
  (. /usr/lib/opkg/info/conet-edge.prerm-pkg)
  [ "$PKG_UPGRADE" = 1 ] || rm -f /etc/rc.d/S95conet
  /etc/init.d/conet stop
}
