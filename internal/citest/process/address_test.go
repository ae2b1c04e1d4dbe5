package process

import (
	"net"
	"testing"
)

func TestFreeAddress(t *testing.T) {
	seen := map[string]bool{}
	for range 50 {
		address, err := FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		if seen[address] {
			t.Fatalf("%s is given away twice", address)
		}
		seen[address] = true
		if err := reserve(address); err == nil {
			t.Errorf("%s is not reserved", address)
		}
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatalf("it is not free: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestReserveWhatIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := reserve(l.Addr().String()); err == nil {
		t.Error("the address of a listener is free")
	}
	own, err := net.ListenPacket("udp", l.Addr().String())
	if err != nil {
		t.Fatalf("it stays reserved: %v", err)
	}
	if err := own.Close(); err != nil {
		t.Error(err)
	}
}

// What ends by itself is stopped and started again like any other.
func TestProcess(t *testing.T) {
	for _, program := range [][]string{{"sleep", "60"}, {"true"}} {
		p, err := Start(t.TempDir(), program...)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := p.Stop("TERM"); err != nil {
				t.Errorf("stop %v: %v", program, err)
			}
			if err := p.Resume(); err != nil {
				t.Errorf("start %v: %v", program, err)
			}
		}
	}
}
