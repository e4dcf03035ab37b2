package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// noun is a word, or several written as one, that names a secret.
type noun struct {
	kind Kind
	sure bool            // it names one whatever stands before it
	own  bool            // a word of owners before it makes it sure
	with map[string]bool // words before it that make it sure
	not  map[string]bool // words before it with which it names none
	one  bool            // written as several words it names one only behind a word of with: sessionid, not session.id
}

// owners are what a secret belongs to or is for: dbpassword, auth_token, client.secret.
var owners = lex.Set("db database datasource sql mysql mariadb pg postgres postgresql oracle mongo mongodb redis ldap bind smtp mail email ftp sftp ssh sudo become wifi vpn proxy http " +
	"user usr username my root admin sa app application client server service svc account acct login auth oauth oauth2 api rest rpc web site bot jwt rabbit rabbitmq rmq amqp mq kafka " +
	"default master shared access refresh bearer session security private secret signing encryption csrf xsrf id sso saml oidc new old current device hook webhook git github gitlab npm docker " +
	"registry aws azure gcp google slack discord telegram twilio stripe vault consul keystore truststore store cert tls ssl host remote deploy personal temp temporary initial " +
	"require requirepass elastic grafana jenkins sonar snowflake consumer hmac otp totp cookie signature backup wallet")

// states are words that make a yes or a no of a secret: has_password, token missing.
var states = lex.Set("has is needs need requires use uses using enable enabled disable disabled no without forgot forgotten reset missing invalid expired unexpected public allow allows show hide")

// setters begin the names of functions that are given what the rest of the name says: setPassword("…").
var setters = []string{"set", "with", "use", "new", "change", "update", "check", "verify", "hash", "encode", "encrypt", "add"}

// trailing are words behind a secret's name that change nothing.
var trailing = lex.Set("value values val plain plaintext cleartext clear text raw str string b64 base64 encoded header confirm confirmation repeat again hash hashed digest encrypted new old sha1 sha256 md5 assertion 256")

// nouns are looked up without separators and in lower case.
var nouns = func() map[string]noun {
	m := map[string]noun{}
	put := func(list string, n noun) {
		for _, word := range strings.Fields(list) {
			m[word] = n
		}
	}
	put("password passwd passphrase passwort userpass dbpass requirepass masterauth keypass storepass passin passout mnemonic seedphrase recoveryphrase securityanswer secretanswer nthash ntlmhash lmhash psk presharedkey",
		noun{kind: Password, sure: true, not: lex.Set("type field input hint")})
	put("pwd", noun{kind: Password, sure: true})
	put("pass pw passw", noun{kind: Password, own: true, with: lex.Set("ansible sshpass")})
	put("secret", noun{kind: Password, own: true, not: lex.Set("k8s kubernetes kube secretmanager secretsmanager pull image existing keyvault tls vault provider aws gcp azure registry docker swarm")})
	put("clientsecret consumersecret appsecret sharedsecret webhooksecret jwtsecret apisecret hmacsecret totpsecret otpsecret totpseed otpseed", noun{kind: Password, sure: true})
	put("credential credentials creds bindcredentials", noun{kind: Password, not: lex.Set("aws provider")})
	put("token", noun{kind: Token, own: true, with: lex.Set("iap x upload push invite reset"),
		not: lex.Set("page next previous prev continuation cancellation cancel resume sync skip cursor lexer lex parser syntax ast bpe max min total input output prompt completion cached cache count num " +
			"stop eos bos pad special reward erc20 erc721 nft price bucket limit rate start end unknown change delta")})
	put("accesstoken refreshtoken authtoken bearertoken sessiontoken securitytoken idtoken csrftoken xsrftoken csrfmiddlewaretoken authenticitytoken requestverificationtoken apitoken idtokenhint jwt jwtassertion xauthkey authkey samlresponse", noun{kind: Token, sure: true})
	put("authorization proxyauthorization xauthorization authheader", noun{kind: Token, sure: true, not: lex.Set("opa policy rbac")})
	put("auth hmac bearer", noun{kind: Token})
	put("cookie setcookie sessioncookie", noun{kind: Cookie, sure: true})
	put("apikey xapikey accesskey secretkey privatekey accountkey sharedaccesskey sharedkey storageaccountkey signingkey signkey signaturekey encryptionkey encryptkey cipherkey cryptokey "+
		"masterkey secretkeybase hmackey jwtkey enckey subscriptionkey functionskey symmetrickey aeskey pgpkey gpgkey deploykey webhookkey secretaccesskey authenticationkey rootkey",
		noun{kind: Key, sure: true})
	put("storagekey appkey sessionkey datakey sshkey rsakey licensekey licencekey", noun{kind: Key})
	put("session", noun{kind: Session, not: lex.Set("spark hibernate tls jdbc training tmux browser")})
	put("sessionid", noun{kind: Session, one: true, with: lex.Set("net http x header headers cookie php asp aspnet jsp servlet web")})
	put("sid sessid aspsessionid", noun{kind: Session})
	put("phpsessid jsessionid connectsid", noun{kind: Session, sure: true})
	put("sig signature", noun{kind: Token, not: lex.Set("method function code type")})
	put("amzsignature googsignature amzsecuritytoken hubsignature slacksignature", noun{kind: Token, sure: true})
	put("ssn socialsecuritynumber socialsecurity", noun{kind: SSN, sure: true})
	put("cvv cvc cvn csc cvv2 cvc2 securitycode cardcode cardverification", noun{kind: Code, sure: true})
	put("otp onetimepassword onetimecode mfacode mfatoken 2facode twofactorcode totp smscode verificationcode authcode backupcode recoverycode passcode otpcode totpcode", noun{kind: OneTime, sure: true})
	put("pin userpin cardpin pinnumber", noun{kind: PIN, own: true, not: lex.Set("gpio board map arduino")})
	put("card cardnumber cardno cardnum pan creditcard creditcardnumber debitcard cc ccnumber ccnum ccno", noun{kind: Card, sure: true})
	put("iban", noun{kind: IBAN, sure: true})
	return m
}()

// ending is a noun that a word may end with: dbpassword. any says that whatever stands before it will do.
type ending struct {
	end  string
	kind Kind
	any  bool
}

var endings = []ending{
	{"password", Password, true}, {"passwd", Password, true}, {"passphrase", Password, true}, {"pwd", Password, false}, {"pass", Password, false}, {"pw", Password, false},
	{"token", Token, false}, {"secret", Password, false}, {"apikey", Key, true}, {"secretkey", Key, true}, {"privatekey", Key, true}, {"accesskey", Key, true}, {"accountkey", Key, true},
	{"sessionid", Session, true}, {"sessid", Session, true}, {"setcookie", Cookie, true},
}

// stems are three letters of every noun, those of them that are rare elsewhere: ard of card, because of cart. A key or a
// text without one of them names no secret.
const stems = "pas pwd sec tok aut key coo ses sid ede eds sig gna cvv cvc cvn csc otp pin ssn iba ard pan jwt mne 2fa sms mfa nco n_c y_c yco p_c pco ofa mlr ntl nth lmh hma bea psk"

// short are the stems that are whole nouns: what goes on with another small letter is another word, such as pinned.
const short = "sid pin ssn otp pan sig csc cvn"
