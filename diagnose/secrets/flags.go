package secrets

import "strings"

// shortFlags are options of one letter behind which a password stands, by the programs that have them. attached says
// that it stands in the same word, pair that it follows a user's name and a colon.
var shortFlags = []struct {
	flag     string
	programs []string
	attached bool
	pair     bool
}{
	{"-p", []string{"mysql", "mariadb", "sshpass"}, true, false},
	{"-p", []string{"docker login", "az login", "podman login", "helm registry", "mongo", "sshpass", "oc login", "rabbitmqadmin", "influx"}, false, false},
	{"-a", []string{"redis-cli", "valkey-cli"}, false, false},
	{"-w", []string{"ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami"}, false, false},
	{"-P", []string{"sqlcmd", "bcp", "snmp"}, false, false},
	{"-N", []string{"ssh-keygen"}, false, false},
	{"-k", []string{"openssl "}, false, false},
	{"-P", []string{"zip "}, false, false},
	{"-b", []string{"curl"}, false, false},
	{"-u", []string{"curl", "wget", "http "}, false, true},
	{"-u", []string{"curl"}, true, true},
	{"--user", []string{"curl", "wget"}, false, true},
	{"--proxy-user", []string{"curl"}, false, true},
}

// flag reads an option of one letter of a command line, or of a list of arguments.
func (s *scanner) flag(i int) {
	v := s.v
	for i < len(v) && v[i] != '-' {
		i++
	}
	for i > 0 && v[i-1] == '-' {
		i--
	}
	if s.present == nil {
		s.present = map[string]bool{}
		for _, f := range shortFlags {
			for _, program := range f.programs {
				s.present[program] = strings.Contains(v, program) || strings.Contains(v, strings.ReplaceAll(program, " ", `","`))
			}
		}
	}
	const before = 512
	line := v[max(i-before, 0):i]
	for _, f := range shortFlags {
		if !strings.HasPrefix(v[i:], f.flag) {
			continue
		}
		for _, program := range f.programs {
			if !s.present[program] || !strings.Contains(line, program) && !strings.Contains(line, strings.ReplaceAll(program, " ", `","`)) {
				continue
			}
			from := i + len(f.flag)
			if from >= len(v) {
				return
			}
			if spaced := strings.IndexByte(" \",=", v[from]) >= 0; spaced == f.attached {
				continue
			}
			for from < len(v) && strings.IndexByte(" \"',=", v[from]) >= 0 {
				from++
			}
			to := stop(v, from, " \t\r\n\"'")
			if from > 0 && (v[from-1] == '\'' || v[from-1] == '"') {
				to = stop(v, from, v[from-1:from])
			}
			if f.pair {
				n := strings.IndexByte(v[from:to], ':')
				if n < 0 {
					return
				}
				from += n + 1
			}
			if f.flag == "-b" && strings.IndexByte(v[from:to], '=') < 0 { // a file of cookies
				return
			}
			s.password(from, to)
			return
		}
	}
}
