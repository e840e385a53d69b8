package tcp

// Errno is an error number as Linux gives it; zero is success.
type Errno int16

// The error numbers that sockets give, with Linux's values.
const (
	ENOENT          Errno = 2
	ESRCH           Errno = 3
	EBADF           Errno = 9
	EAGAIN          Errno = 11
	EACCES          Errno = 13
	EEXIST          Errno = 17
	ENODEV          Errno = 19
	EINVAL          Errno = 22
	EPIPE           Errno = 32
	EDOM            Errno = 33
	ENONET          Errno = 64
	EPROTO          Errno = 71
	ENOPROTOOPT     Errno = 92
	EOPNOTSUPP      Errno = 95
	EAFNOSUPPORT    Errno = 97
	EADDRINUSE      Errno = 98
	EADDRNOTAVAIL   Errno = 99
	ENETUNREACH     Errno = 101
	ECONNABORTED    Errno = 103
	ECONNRESET      Errno = 104
	ENOBUFS         Errno = 105
	EISCONN         Errno = 106
	ENOTCONN        Errno = 107
	ETIMEDOUT       Errno = 110
	ECONNREFUSED    Errno = 111
	EHOSTDOWN       Errno = 112
	EHOSTUNREACH    Errno = 113
	EALREADY        Errno = 114
	EINPROGRESS     Errno = 115
	EDESTADDRREQ    Errno = 89
	EMSGSIZE        Errno = 90
	EPROTONOSUPPORT Errno = 93
)

var errnoNames = map[Errno][2]string{
	0:               {"OK", "Success"},
	ENOENT:          {"ENOENT", "No such file or directory"},
	ESRCH:           {"ESRCH", "No such process"},
	EEXIST:          {"EEXIST", "File exists"},
	ENODEV:          {"ENODEV", "No such device"},
	EBADF:           {"EBADF", "Bad file descriptor"},
	EAGAIN:          {"EAGAIN", "Resource temporarily unavailable"},
	EACCES:          {"EACCES", "Permission denied"},
	EINVAL:          {"EINVAL", "Invalid argument"},
	EPIPE:           {"EPIPE", "Broken pipe"},
	EDOM:            {"EDOM", "Numerical argument out of domain"},
	ENONET:          {"ENONET", "Machine is not on the network"},
	EPROTO:          {"EPROTO", "Protocol error"},
	ENOPROTOOPT:     {"ENOPROTOOPT", "Protocol not available"},
	EOPNOTSUPP:      {"EOPNOTSUPP", "Operation not supported"},
	EAFNOSUPPORT:    {"EAFNOSUPPORT", "Address family not supported by protocol"},
	EADDRINUSE:      {"EADDRINUSE", "Address already in use"},
	EADDRNOTAVAIL:   {"EADDRNOTAVAIL", "Cannot assign requested address"},
	ENETUNREACH:     {"ENETUNREACH", "Network is unreachable"},
	ECONNABORTED:    {"ECONNABORTED", "Software caused connection abort"},
	ECONNRESET:      {"ECONNRESET", "Connection reset by peer"},
	ENOBUFS:         {"ENOBUFS", "No buffer space available"},
	EISCONN:         {"EISCONN", "Transport endpoint is already connected"},
	ENOTCONN:        {"ENOTCONN", "Transport endpoint is not connected"},
	ETIMEDOUT:       {"ETIMEDOUT", "Connection timed out"},
	ECONNREFUSED:    {"ECONNREFUSED", "Connection refused"},
	EHOSTDOWN:       {"EHOSTDOWN", "Host is down"},
	EHOSTUNREACH:    {"EHOSTUNREACH", "No route to host"},
	EALREADY:        {"EALREADY", "Operation already in progress"},
	EINPROGRESS:     {"EINPROGRESS", "Operation now in progress"},
	EDESTADDRREQ:    {"EDESTADDRREQ", "Destination address required"},
	EMSGSIZE:        {"EMSGSIZE", "Message too long"},
	EPROTONOSUPPORT: {"EPROTONOSUPPORT", "Protocol not supported"},
}

// Name returns the symbol, such as "ECONNREFUSED".
func (e Errno) Name() string { return errnoNames[e][0] }

// Error returns the text of strerror(3).
func (e Errno) Error() string { return errnoNames[e][1] }
