"""Independent re-statement of InfoPrompt's heads and losses (float64), to make small golden vectors.
Everything is computed from given hidden states, so no language model is needed.

Regenerate: python make_infoprompt_golden.py core/src/test/resources/fixtures/golden/infoprompt_small.json  (torch 2.13.0)."""
import json, math, torch, torch.nn.functional as F
torch.set_default_dtype(torch.float64); torch.manual_seed(7)
def make(B,T,d,L,Nslots,C,beta,gamma,klw,clamp):
    g=torch.Generator().manual_seed(1234+B*100+T)
    r=lambda *s,k=0.3: torch.randn(*s,generator=g)*k
    p={ # trainable
     'W1':r(L,d),'b1':r(L,k=.1),'W2':r(Nslots*d,L),'b2':r(Nslots*d,k=.1),      # prompt generator
     'Wp':r(d,d),'bp':r(d,k=.1),                                              # prompt -> context projection
     'Wm':r(L,d),'bm':r(L,k=.1),'Ws':r(L,d),'bs':r(L,k=.1),                    # bottleneck mean / log std
     'Wo':r(d,L),'bo':r(d,k=.1),'head':r(C,d,k=1.0)}
    for v in p.values(): v.requires_grad_()
    x={'cls':r(B,d,k=1.),'h0':r(B,d,k=1.),'hp':r(B,d,k=1.),'tok':r(B,T,d,k=1.)}
    x['hp'].requires_grad_()
    lens=[T-(i%3) for i in range(B)]
    am=torch.tensor([[1.]*l+[0.]*(T-l) for l in lens]); y=torch.tensor([i%C for i in range(B)])
    eps={'cls':torch.randn(B,L,generator=g),'pos':torch.randn(B,1,L,generator=g),'neg':torch.randn(B,4*B,L,generator=g)}
    P=(F.gelu(x['cls']@p['W1'].T+p['b1'])@p['W2'].T+p['b2']).view(B,Nslots,d)
    bott=lambda h:(h@p['Wm'].T+p['bm'],(h@p['Ws'].T+p['bs']).clamp(-2,10))
    m0,s0=bott(x['h0']); m1,s1=bott(x['hp'])
    z=m1+eps['cls']*s1.exp(); logits=(z@p['Wo'].T+p['bo'])@p['head'].T
    ce=F.cross_entropy(logits,y)
    kl=lambda m,s:(-s+.5*(2*s).exp()+.5*m*m-.5).mean()
    KL=kl(m0,s0)+kl(m1,s1)
    def nce(lp,ln):
        l=torch.log_softmax(torch.cat([lp,ln],-1),-1)[:,0]
        if clamp: l=l.clamp(min=-2)
        return -l.mean(), l
    c=p['head'].mean(0,keepdim=True)
    neg=(x['tok']@c.T).squeeze(-1)/math.sqrt(d)-100*(1-am)
    pos=P.mean(1)@c.T/math.sqrt(d)
    Lh,lph=nce(pos,neg)
    ctx=(P.detach()@p['Wp'].T+p['bp']).mean(1)
    dec=lambda zz: torch.einsum('bkd,bd->bk',zz@p['Wo'].T+p['bo'],ctx)/math.sqrt(d)
    Lr,lpr=nce(dec(m1[:,None]+eps['pos']*s1.exp()[:,None]),dec(m0[:,None]+eps['neg']*s0.exp()[:,None]))
    total=ce+gamma*Lh+beta*Lr+klw*KL
    total.backward()
    t=lambda v:v.detach().tolist()
    return {'shape':dict(B=B,T=T,d=d,L=L,slots=Nslots,C=C),'weights':dict(beta=beta,gamma=gamma,kl=klw,clamp=clamp),
     'params':{k:t(v) for k,v in p.items()},'inputs':{**{k:t(v) for k,v in x.items()},'mask':am.tolist(),'labels':y.tolist(),**{'eps_'+k:t(v) for k,v in eps.items()}},
     'out':{'prompts':t(P),'logits':t(logits),'ce':ce.item(),'kl':KL.item(),'head':Lh.item(),'rep':Lr.item(),'head_logp':t(lph),'rep_logp':t(lpr),'total':total.item()},
     'grad':{**{k:(t(v.grad) if v.grad is not None else None) for k,v in p.items()},'hp':t(x['hp'].grad)}}
out=[make(3,5,8,4,4,2,.2,.1,.1,False),make(3,5,8,4,4,2,.2,.1,.1,True),make(4,6,16,4,1,3,.2,.1,.1,False)]
json.dump(out,open(__import__('sys').argv[1],'w'))
for o in out: print(o['shape'],o['weights'],{k:o['out'][k] for k in ('ce','kl','head','rep','total')})
