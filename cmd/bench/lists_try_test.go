package main
import ("testing";"context")
func TestTryLists(t *testing.T){ r,err:=lists(context.Background()); t.Logf("%+v %v",r,err) }
