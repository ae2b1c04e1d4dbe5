//go:build !linux

package fastpath

// await answers what it can and reads the next bytes that net/http has to see,
// or none if the connection is to be closed.
func (c *conn) await(p []byte) (int, error) {
	for {
		n, err := c.TCPConn.Read(p)
		if err != nil || !c.repeat(p[:n]) {
			return n, err
		}
		if c.state.Load() == closing {
			return 0, nil
		}
	}
}
