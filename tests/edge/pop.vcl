vcl 4.1;
# A POP of your own in front of the edge (VITRINE_CDN=varnish), whole and small enough to copy. Its listeners are named `shop`
# and `purge`; the second belongs in a private network. SHIELD_HOST and SHIELD_PORT name an edge node, or what balances them.

import std;
import xkey;

backend shield {
    .host = "SHIELD_HOST";
    .port = "SHIELD_PORT";
}

# Purged hard: in an outage the edge has the copy, and knows that it is one.
sub answer_purge {
    if (local.socket == "purge") {
        if (req.method != "PURGE" || !req.http.X-Purge-Tags) {
            return (synth(405));
        }
        return (synth(200, "n=" + xkey.purge(req.http.X-Purge-Tags)));
    }
}

# Who has a session is never looked up here: the edge fills the holes of his pages.
sub pass_sessions {
    if ((req.method != "GET" && req.method != "HEAD") || req.http.Cookie ~ "(?:^|[; ])(?:__Host-sid|sid_[0-9]+)=") {
        return (pass);
    }
    unset req.http.Cookie;
}

# The edge says what may be kept and for how long; without its word nothing is.
sub keep_what_the_edge_allows {
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    if (beresp.http.CDN-Cache-Control ~ "^max-age=[1-9]" && !beresp.http.Set-Cookie) {
        set beresp.ttl = std.duration(regsub(beresp.http.CDN-Cache-Control, "^max-age=([0-9]+).*$", "\1s"), 0s);
        set beresp.http.xkey = beresp.http.Surrogate-Key;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "immutable" && beresp.http.Cache-Control ~ "^public" && !beresp.http.Set-Cookie) {
        set beresp.ttl = 1d;
        return (deliver);
    }
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
}

sub vcl_recv {
    call answer_purge;
    call pass_sessions;
    return (hash);
}

sub vcl_backend_response {
    call keep_what_the_edge_allows;
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.CDN-Cache-Control;
    set resp.http.X-Pop = "miss";
    if (obj.hits > 0) {
        set resp.http.X-Pop = "hit";
    }
}
