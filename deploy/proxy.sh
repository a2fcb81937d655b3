#!/bin/sh
# The proxy of compose.yaml: nginx as an ordinary user, and twice a day a look whether its certificate is due.
# SITE_URL has the name of the shop; WEB_1 and WEB_2 are the addresses of its web processes.
set -eu
DOMAIN=${DOMAIN:-${SITE_URL#https://}}
: "${DOMAIN:?}" "${WEB_1:?}" "${WEB_2:?}"
tls=/etc/octavo/tls
mkdir -p "$tls" /tmp/nginx
[ -e "$tls/certificate.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj "/CN=$DOMAIN" -addext "subjectAltName=DNS:$DOMAIN" -keyout "$tls/key.pem" -out "$tls/certificate.pem"

sed -e "s/books\.example/$DOMAIN/g" -e "s/127\.0\.0\.1:8000/$WEB_1/" -e "s/127\.0\.0\.1:8001/$WEB_2/" \
    -e 's/listen 80;/listen 8080;/' -e 's/listen 443 ssl;/listen 8443 ssl;/' \
    -e 's|/var/log/nginx/octavo.log|/dev/stdout|' /srv/octavo/deploy/nginx.conf >/tmp/nginx/octavo.conf
cat >/tmp/nginx/nginx.conf <<'END'
pid /tmp/nginx/pid;
error_log stderr;
worker_processes auto;
events { worker_connections 4096; }
http {
    include /etc/nginx/mime.types;
    client_body_temp_path /tmp/nginx/body;
    proxy_temp_path /tmp/nginx/proxy;
    fastcgi_temp_path /tmp/nginx/fastcgi;
    uwsgi_temp_path /tmp/nginx/uwsgi;
    scgi_temp_path /tmp/nginx/scgi;
    include /tmp/nginx/octavo.conf;
}
END
nginx -t -c /tmp/nginx/nginx.conf

# Runs beside nginx, which takes the place of this script below.
(
    sleep 5
    while :; do
        NGINX_CONF=/tmp/nginx/nginx.conf /srv/octavo/script/certificate "$DOMAIN" || true
        sleep 43200
    done
) &
exec nginx -c /tmp/nginx/nginx.conf -g 'daemon off;'
