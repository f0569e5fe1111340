//! x
use super::support::problems;
#[test]
fn scratch() {
    let cases: &[&str] = &[
        "[domain.\"example.com\".zone]\nrecrods = []\nttl = \"1h\"\ndnssec = 1\npurge = 'x'\n",
        "[domain.example.com]\nlocked = true\n",
        "[domain.\"example.com\".zone]\nrecords = [ { host = \"www\", type = \"A\", dta = \"192.0.2.1\" }, { host = 1, type = \"A\", data = [1, \"192.0.2.1\"] }, \"x\", {host=\"a\",type=\"MX\",data=\"x.\",priority=70000}, {host=\"a\",type=\"MX\",data=\"x.\",priority=1.5} ]\n",
        "[account.b]\nprovider = \"namebuy\"\nuser = \"x\"\nusername = \"u\"\npassword = \"hunter2\"\npasswrd = \"hunter3\"\napi_key = 7\n",
        "[account.b]\nprovider = \"namebay\"\nuser = \"BB1\"\nusername = { env = \"A B\" }\npassword = { envv = \"x\" }\n[account.c]\nlogin = \"b\"\nprovider = \"namebay\"\n[account.d]\nlogin = \"c\"\nuser = \"D1\"\n[account.e]\nlogin = \"zz\"\nuser = \"E1\"\n[account.f]\nlogin = \"main\"\nuser = \"aa111111\"\n",
        "[account.b]\nprovider = \"namebay\"\nuser = \"BB1\"\nusername = \"u\"\npassword = { command = [\"pass\", \"show\"] }\nauth_url = \"https://evil.example/x?y\"\nbase_url = \"https://namebay.com.evil.example\"\nrate_limit = \"5\"\nip_address = \"::g\"\n",
        "[account.b]\nprovider = \"namebay\"\nuser = \"BB1\"\nusername = \"u\"\npassword = { file = \"/etc/x\" }\nauth_url = \"http://10.0.0.1\"\nbase_url = \"http://127.0.0.1:8080/\"\n[account.c]\nprovider=\"namebay\"\nuser=\"q\"\nusername=\"u\"\npassword={file=\"../x\"}\nauth_url=\"https://u:p@namebay.com\"\n",
        "[domain.\"example.com\"]\nadmin = \"janr\"\ntech=\"AA 1\"\nname_servers = [\"ns1.example.com\", \"a.example.net\", \"A.example.net.\", \"ns\", \"192.0.2.1\"]\n[contact.jane]\nfirst_name=\"x\"\n[contact.joe]\nhandle=\"JJ\"\n",
        "[domain.\"example.com\"]\nregistrar=\"external\"\nlocked=true\naccount=\"mian\"\n[domain.\"EXAMPLE.com.\"]\nregistrar=\"external\"\n[domain.localhost]\n[domain.\"a..b\"]\n",
        "[group.parked]\ndomains=[]\n[[moved]]\nfrom=\"a\"\n[secrets]\n[notify]\n[domain.\"example.com\"]\nperiod=1\nglue={x=[]}\n[domain.\"example.com\".mailbox.info]\n[domain.\"example.com\".hosting]\n[[domain.\"example.com\".ns_key]]\nkey_tag=1\nalgorithm=8\ndigest_type=2\ndigest=\"x\"\n[domain.\"example.com\".redirect.\"a.example.com\"]\ntype=7\n",
        "[bailiwick]\nrequires=\">=9\"\nledger=\"s3://x/y\"\n[http]\nattempts=0\ntimeout=\"x\"\n[guard]\nmax_cost=\"5\"\nmax_delete_percent=101\nprotect=[\"domian.x\"]\n[[allow]]\ndestroy=[\"record.example.com/*/A\"]\nuntil=\"2026-02-30\"\n[[allow]]\nreason=\"x\"\n[domain.\"example.com\".zone]\nrecords=[{host=\"*\",type=\"A\",data=\"192.0.2.1\"}]\n",
        "[template.t]\nrecords=[{host=\"_dmarc\",type=\"CNAME\",data=\"x.example.net.\"},{host=\"a\",type=\"TXT\",data=\"{dmarcbox} {domain}\",ttl=5},{host=\"b\",type=\"A\",data=\"1.2.3\"}]\n[domain.\"exmaple.com\"]\nvars={dmarc-box=\"x\", Bad_=\"y\"}\n[domain.\"exmaple.com\".zone]\ntemplates=[\"t\",\"t\",\"tt\"]\nexcept=[\"a/CNAME\",\"zzz\"]\nrecords=[{host=\"_dmarc\",type=\"TXT\",data=\"x\"}]\n[domain.\"example.org\".zone]\ntemplates=[\"t\"]\n",
        "[template.t]\nrecords=[{host=\"_dmarc\",type=\"TXT\",data=\"x\"},{host=\"a\",type=\"TXT\",data=\"q\"}]\n[domain.\"example.org\".zone]\ntemplates=[\"t\"]\nexcept=[\"b/TXT\"]\nrecords=[{host=\"_dmarc\",type=\"TXT\",data=\"x\"}]\n",
        "[domain.\"example.com\".zone]\nttl=60\nrecords=[\n{host=\"@\",type=\"MX\",data=\"mail.example.net\",priority=1},\n{host=\"www.example.com\",type=\"A\",data=\"192.0.2.1\"},\n{host=\"a\",type=\"A\",data=\"192.0.2.256\",ttl=5},\n{host=\"b\",type=\"MX\",data=\"x.\"},\n{host=\"c\",type=\"A\",data=\"192.0.2.1\",priority=5},\n{host=\"d\",type=\"SOA\",data=\"x\"},\n{host=\"e\",type=\"CNAME\",data=\"x.\"},{host=\"e\",type=\"A\",data=\"192.0.2.1\"},\n{host=\"f\",type=\"A\",data=[\"192.0.2.1\",\"192.0.2.1\"]},\n{host=\"g\",type=\"MX\",data=\"192.0.2.1\",priority=1},\n{host=\"h\",type=\"A\",data=[]},\n{host=\"x.example.org.\",type=\"A\",data=\"192.0.2.1\"}\n]\nfile=\"zones/x.zone\"\nignore=[{host=\"a\"}]\n",
        "a = \nb = 2\n[c\nd=1\n[account.q]\npassword = \"hunter2\nuser='x' y\n",
        "[domain.\"example.com\"]\nlocked=true\n[domain.\"example.com\"]\nlocked=false\n[domain.\"example.org\"]\nlocked=true\nlocked=false\n",
        "[domain.\"example.com\".zone]\nrecords = [\n  { host = \"a\", type = \"A\", data = \"192.0.2.1\",\n  { host = \"b\", type = \"A\", data = \"192.0.2.1\" },\n]\n[domain.\"example.org\"]\nlocked = true\n",
        "[domain.\"example.com\".zone]\nrecords = [\n  { host = \"a\", type = \"A\", data = \"192.0.2.1\" }\n  { host = \"b\", type = \"A\", data = \"192.0.2.1\" },\n]\n[domain.\"example.org\"]\nlockd = true\n",
    ];
    for case in cases {
        println!("-----");
        for line in problems(case) {
            println!("{line}");
        }
    }
}
